"""The matrix: message types × channels of a chat, as a card, and its switches."""
