"""Looking for documents in web archives, from the first question to the stored article.

`orders` says which documents are meant, `places` which archives; `desk` hands the documents out, `flow` takes one
through its archives, `searching` through the copies of one archive. `listing` hears out an index, `copies` follows one
copy to its page, `accepting` says whether the page is the one that was cited, `asking` puts one question to an archive,
and `network` sends it. `standing` says, without doing anything, where all that stands; `preview` what would be done.

The other direction, pages that live and that an archive is asked to save: `unsaved` says which, `saving_service` where
and with whose keys, `saving` takes one through its request and its job.
"""
