"""Tencent Cloud's API: one signed call, and what its refusals mean."""
