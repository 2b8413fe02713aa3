"""What the API answers with: one pydantic model per JSON object, each field with its meaning.

Why models of our own and not the values of `storage.types`: those may get a field or lose one with any release, and
say things that are nobody's business (tokens of leases, places in files). What stands here is promised: no field is
renamed or taken away under ``/api/v1``, new ones may come.

Why no field is left out of an answer: a reader needs no "if present". Text that is missing is empty, everything else
that is missing is null.
"""
