"""What is remembered: values, named SQL, migrations, secrets at rest."""
