"""The frame around every desk page: who is signed in, for which organ, what they may see, and where they can go."""
