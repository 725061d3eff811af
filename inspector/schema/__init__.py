"""What a blob is: generations, kinds, messages, and the choice between them."""
