"""What Lark's open platform asks of us: signing, events, codes, the client."""
