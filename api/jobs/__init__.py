"""Work that takes longer than an answer: asked for, queued, done in a process of its own, told as it goes."""
