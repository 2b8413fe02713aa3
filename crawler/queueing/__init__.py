"""The queue of host slices that workers on many machines share: procrastinate, in the library's own PostgreSQL.

Why host slices and not URLs: what waits stands in our own tables, with its reasons and retry times; a job only says
that somebody should look after a host now. A queue that is lost is filled again from the tables, and one host is in one
worker's hands. Measured against one job per URL: twenty thousand jobs on fifty locked hosts took 245 ms each, not 4.

Why no job is put off to a later time for more than some seconds: one that waits for its hour locks its host out until
then. What is due later stands in our own tables.

Why every job that is taken over gets a new number: a worker that was paused and wakes up ends its jobs by their
numbers, and must not end those of its successor.
"""
