"""Values in, Lark JSON out. Pure; defuses every text that people or alerts wrote."""
