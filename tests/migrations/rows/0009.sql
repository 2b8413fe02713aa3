INSERT INTO events (id, key, event_date, headline, headline_folded, revision, imported_at, revised_at)
VALUES (1, '2006/07/5/ferry-runs-aground', '2006-07-05', 'Ferry runs aground', 'ferry runs aground', 1,
        '2026-01-01 10:00:00.000000', '2026-01-01 10:00:00.000000');
INSERT INTO event_keys (id, key, event_id, digest, revision, reason, added_at)
VALUES (1, '2006/07/5/ferry-runs-aground', 1, 'd1', 1, '', '2026-01-01 10:00:00.000000');
INSERT INTO event_revisions (id, event_id, number, key_id, digest, raw, entry, imported_at)
VALUES (1, 1, 1, 1, 'd1', '"# Ferry runs  aground"', '{"key"\:"2006/07/5/ferry-runs-aground","event_date"\:"2006-07-05","headline"\:"Ferry runs aground","headline_raw"\:"Ferry runs  aground","description"\:"","description_raw"\:"","language"\:"en","category"\:"","topics"\:[],"entities"\:["Lind"],"sources"\:[{"position"\:1,"label"\:"Harbour Post","cited_url"\:"http\://harbour-post.example/a","kind"\:"article","identity"\:{"canonical_url"\:"https\://harbour-post.example/a","request_url"\:"http\://harbour-post.example/a","url_key"\:"example,harbour-post)/a","host"\:"harbour-post.example","memento"\:null},"problem"\:""}],"related"\:[],"origin"\:{"name"\:"ferry.md","line"\:1,"format"\:"event page"}}', '2026-01-01 10:00:00.000000');
INSERT INTO hosts (id, name, due_at, not_before, rest_reason, crawl_delay_s, cool_down_s, failures, last_outcome,
                   last_attempt_at, last_success_at, paused_at, pause_reason, booked, checks, changes)
VALUES (1, 'harbour-post.example', '2026-02-01 00:00:00.000000', '2026-01-02 10\:10\:00.000000', '429, Retry-After 600 s',
        7.5, 600.0, 2, 'rate_limited', '2026-01-02 10\:00\:00.000000', '2026-01-01 10\:00\:00.000000', NULL, '',
        '{"index"\:"2026-01-02T10\:00\:01.500000+00\:00"}', 9, 2);
INSERT INTO host_probes (host_id, probed_at, url, status, final_url, fingerprint)
VALUES (1, '2026-01-02 09\:58\:00.000000', 'http\://harbour-post.example/0f1e', 200,
        'http\://harbour-post.example/', '[-7,9]');
INSERT INTO documents (id, url_digest, canonical_url, request_url, url_key, host_id, added_at, last_outcome,
                       last_attempt_at, attempts, failures, next_fetch_at, etag, last_modified, reported_at,
                       changed_at, checks, changes)
VALUES (1, :url_digest, 'https\://harbour-post.example/a', 'http\://harbour-post.example/a',
        'example,harbour-post)/a', 1, '2026-01-01 10:00:00.000000', 'fetched', '2026-01-02 10:00:00.000000', 1, 0,
        '2026-02-01 00:00:00.000000', '', '', '2026-01-02 10:00:00.000000', '2026-01-02 11:00:00.000000', 9, 2);
INSERT INTO source_links (id, event_id, key_id, position, label, cited_url, kind, problem, document_id, added_at)
VALUES (1, 1, 1, 1, 'Harbour Post', 'http\://harbour-post.example/a', 'article', '', 1, '2026-01-01 10:00:00.000000');
INSERT INTO runs (id, token, command, machine, pid, started_at, heartbeat_at, finished_at, state, counts, who, job,
                  deadline_at, exit_status, note, problem, log)
VALUES (1, 'run-1', 'dateline crawl', 'host', 7, '2026-01-02 09:00:00.000000', '2026-01-02 09:00:00.000000', NULL,
        'running', '{"fetched"\:1}', 'mara', 'due', '2026-01-02 12:00:00.000000', NULL, 'harbour-post.example', '',
        'logs/run-1.log');
INSERT INTO runs (id, token, command, machine, pid, started_at, heartbeat_at, finished_at, state, counts, who, job,
                  deadline_at, exit_status, note, problem, log)
VALUES (2, 'run-2', 'dateline discover', 'host', 8, '2026-01-02 09:00:00.000000', '2026-01-02 09\:01\:00.000000',
        '2026-01-02 10:00:00.000000', 'killed', '{}', 'mara', 'discover', '2026-01-02 10:00:00.000000', -9, '',
        'past its deadline', '');
INSERT INTO job_marks (job, paused_at, paused_by, pause_reason, wanted_at, wanted_by)
VALUES ('due', '2026-01-03 10:00:00.000000', 'ove', 'moving house', '2026-01-04 10:00:00.000000', 'mara');
INSERT INTO host_days (day, host_id, archive, outcome, attempts, articles) VALUES (20455, 1, '', 'fetched', 3, 1);
INSERT INTO host_days (day, host_id, archive, outcome, attempts, articles) VALUES (20455, 1, 'lantern', 'fetched', 1, 0);
INSERT INTO alerts (id, kind, subject, text, opened_at, seen_at, closed_at, told)
VALUES (1, 'silent_host', 'harbour-post.example', 'asked 12 times', '2026-01-02 10:00:00.000000',
        '2026-01-03 10:00:00.000000', NULL, 'opened');
INSERT INTO alerts (id, kind, subject, text, opened_at, seen_at, closed_at, told)
VALUES (2, 'disk_low', '/', '1 GB is left', '2026-01-01 10:00:00.000000', '2026-01-01 10:00:00.000000',
        '2026-01-02 10:00:00.000000', 'closed');
INSERT INTO takedowns (id, kind, subject, reason, who, made_at, removed, lifted_at, lifted_by)
VALUES (1, 'document', 'https\://harbour-post.example/gone', 'asked by the paper', 'mara', '2026-01-02 10:00:00.000000',
        '{"captures"\:1}', NULL, '');
INSERT INTO removals (file, record_offset, length, takedown_id) VALUES ('a.warc.gz', 500, 300, 1);
INSERT INTO attempts (id, key, document_id, reason, outcome, request_url, final_url, started_at, finished_at, status,
                      redirects, detail, bytes_received, run_token, page, page_key, robots, reservations,
                      replayed_capture_id)
VALUES (1, 'k1', 1, 'new', 'fetched', 'http\://harbour-post.example/a', 'http\://harbour-post.example/a',
        '2026-01-02 09:59:00.000000', '2026-01-02 10:00:00.000000', 200, '[]', '', 900, 'run-1',
        '{"kind"\:"article","score"\:0.9,"page_digest"\:"d1","clues"\:[["one long text","article",2.0,"34 characters"]]}',
        77, '{"allowed"\:true,"rule"\:"no rule applies","status"\:200}', '["noarchive"]', NULL);
INSERT INTO captures (id, attempt_id, kind, url, captured_at, fetched_at, status, headers, media_type, payload_digest,
                      payload_length, file, record_offset, record_length, record_id, revisit_of, truncated, tls)
VALUES (1, 1, 'live', 'http\://harbour-post.example/a', '2026-01-02 10:00:00.000000', '2026-01-02 10:00:00.000000', 200,
        '[["Content-Type","text/html"]]', 'text/html', 'sha256\:00', 900, 'a.warc.gz', 0, 500, 'urn\:uuid\:1', '', '',
        'verified');
INSERT INTO articles (id, document_id, latest, added_at) VALUES (1, 1, 1, '2026-01-02 10:00:00.000000');
INSERT INTO article_versions (id, article_id, number, capture_id, reported_at, extracted_at, headline, body, byline,
                              published_precision, published_evidence, published_raw, modified_precision,
                              modified_evidence, modified_raw, language, site_name, declared_url, lead_image_url, agency,
                              dateline, access, evidence, extractor, extractor_version, text_digest,
                              lead_image_caption, lead_image_credit, standfirst, section, medium, keywords,
                              contributors, corrections, entries, media, confidence, choice, rule, missed, edge_lines)
VALUES (1, 1, 1, 1, '2026-01-02 10:00:00.000000', '2026-01-02 10:00:00.000000', 'Ferry aground',
        'Twelve people were brought ashore.', '', '', '', '', '', '', '', 'en', '', '', '', '', '', 'full', '{}',
        'generic', '1', 't1', 'The ferry on the bar', 'Ada Quill', 'All twelve are safe', 'Coast', 'live_blog',
        '["ferry","coast"]', '[["Mara Lind","person","harbour correspondent"],["AP","agency",""]]',
        '["An earlier version named the wrong ferry."]',
        '[["Aground at noon.","First report",["2026-01-02T12\:00\:00+00\:00","minute","time","12\:00"],"12\:00"]]',
        '[["video","The rescue","From the air","http\://harbour-post.example/v",61,null]]', '{"headline"\:0.97}',
        '{"winner"\:"precision","why"\:"agrees","trials"\:[["precision",5,0.9,"5 words"]],"cuts"\:[["Subscribe","newsletter","bottom"]]}',
        'harbour-2026', 'harbour-2026\: byline
harbour-2026\: section', :edge_lines);
INSERT INTO sightings (capture_id, version_id, verdict, signal, score, evidence) VALUES (1, 1, 'new', 'none', 0.0, '');
INSERT INTO signal_keys (version_id, signal, keys) VALUES (1, 'grams', '01234567');
INSERT INTO key_index (key, day, version_id) VALUES (7, 20455, 1);
INSERT INTO clusters (id, representative_id) VALUES (1, 1);
INSERT INTO cluster_members (article_id, cluster_id, score) VALUES (1, 1, 1.0);
INSERT INTO event_links (event_id, article_id, how, score, evidence, linked_at)
VALUES (1, 1, 'citation', 1.0, 'the entry cites it as source link 1', '2026-01-02 10:00:00.000000');
INSERT INTO attempts (id, key, document_id, reason, outcome, request_url, final_url, started_at, finished_at, status,
                      redirects, detail, bytes_received, run_token, archive, coverage)
VALUES (2, 'k2', 1, 'backfill', 'fetched', 'http\://harbour-post.example/a', 'http\://harbour-post.example/a',
        '2026-01-03 09:59:00.000000', '2026-01-03 10:00:00.000000', 200, '[]', '', 900, 'run-1', 'lantern',
        '{"score"\:0.75,"accepted"\:true,"event_key"\:"2006/07/5/ferry-runs-aground","found"\:["ferry"],"missing"\:[],"detail"\:"3 of 4 words"}');
INSERT INTO captures (id, attempt_id, kind, url, captured_at, fetched_at, status, headers, media_type, payload_digest,
                      payload_length, file, record_offset, record_length, record_id, revisit_of, truncated, memento)
VALUES (2, 2, 'memento', 'http\://lantern.example/20060705000000id_/http\://harbour-post.example/a',
        '2006-07-05 00\:00\:00.000000', '2026-01-03 10:00:00.000000', 200, '[]', 'text/html', 'sha256\:01', 900,
        'b.warc.gz', 0, 500, 'urn\:uuid\:2', '', '',
        '{"archive"\:"lantern","url"\:"http\://lantern.example/20060705000000id_/http\://harbour-post.example/a","page_url"\:"http\://harbour-post.example/a","captured_at"\:"2006-07-05T00\:00\:00+00\:00","requested_at"\:"2006-07-06T00\:00\:00+00\:00","digest_check"\:"matches","index_digest"\:"","index_row"\:"","source"\:"","public_url"\:"http\://lantern.example/20060705000000/http\://harbour-post.example/a"}');
INSERT INTO sightings (capture_id, version_id, verdict, signal, matched_version_id, score, evidence)
VALUES (2, 1, 'revisit', 'same text', 1, 1.0, '');
INSERT INTO backfills (document_id, state, reason, wanted_at, next_at, ended_at, lease_token, lease_until)
VALUES (1, 'waiting', 'gone', '2026-01-03 09:00:00.000000', '2026-02-03 09:00:00.000000', '2026-01-03 10:00:00.000000',
        'run-1', '2026-01-03 11:00:00.000000');
INSERT INTO archive_searches (document_id, archive, state, asked_at, next_at, since, until, candidates, tried, failures,
                              detail)
VALUES (1, 'lantern', 'found', '2026-01-03 10:00:00.000000', NULL, '2006-07-03 00\:00\:00.000000', NULL, 3,
        '["20060705000000 http\://harbour-post.example/a"]', 0, 'the first of 3 copies');
INSERT INTO archive_saves (document_id, archive, state, asked_at, next_at, job, url, captured_at, detail)
VALUES (1, 'attic', 'saved', '2026-01-03 10:00:00.000000', NULL, 'spn2-1',
        'http\://attic.example/20260103100100/http\://harbour-post.example/a', '2026-01-03 10\:01\:00.000000', 'saved');
INSERT INTO archive_answers (archive, question_digest, question, answered_at, good_until, status, headers, body)
VALUES ('lantern', :question_digest, 'http\://lantern.example/cdx', '2026-01-03 10:00:00.000000',
        '2026-02-02 10:00:00.000000', 200, '[["Content-Type","text/plain"]]', :body);
INSERT INTO held_files (id, path_digest, path, size, modified_ns, kind, indexed_at, records, wanted_only, problems)
VALUES (1, :path_digest, '/held/a.warc.gz', 700, 1767430800000000000, 'warc', '2026-01-03 10:00:00.000000', 1, false,
        '["clipped at 700"]');
INSERT INTO held_records (id, file_id, key_digest, url_key, captured_at, member, record_offset, record_length, url,
                          status, media_type, digest, refers_to, revisit)
VALUES (1, 1, :key_digest, 'example,harbour-post)/a', '2006-07-05 00\:00\:00.000000', '', 10, 690,
        'http\://harbour-post.example/a', 200, 'text/html', 'sha1\:AA', '', false);
INSERT INTO reextractions (version_id, extractor_version, seen_at, article, weighed, fields, words_before, words_after,
                           problem, lost)
VALUES (1, '2', '2026-01-02 10:00:00.000000', NULL, true, '[]', 5, 0, 'no_article\: 3 words', true);
INSERT INTO host_lines (host_id, line, document_id) VALUES (1, 7, 1);
INSERT INTO lead_images (version_id, document_id, url) VALUES (1, 1, 'http\://harbour-post.example/ferry.jpg');
INSERT INTO stored_images (capture_id, document_id, width, height, media_type, perceptual_hash)
VALUES (1, 1, 640, 480, 'image/jpeg', -81985529216486896);
INSERT INTO event_texts (event_id, day, text) VALUES (1, 13334, 'ferry runs aground lind');
INSERT INTO event_entities (entity, event_id) VALUES ('lind', 1);
INSERT INTO article_texts (article_id, day, text, rest)
VALUES (1, 20455, 'ferry aground all twelve are safe twelve people were brought ashore', 'lifeboat pilot');
INSERT INTO hosts (id, name, due_at) VALUES (2, 'lind-herald.example', NULL);
INSERT INTO documents (id, url_digest, canonical_url, request_url, url_key, host_id, added_at, last_outcome,
                       last_attempt_at, attempts, failures, next_fetch_at, etag, last_modified)
VALUES (2, :second_url, 'https\://lind-herald.example/b', 'http\://lind-herald.example/b', 'example,lind-herald)/b', 2,
        '2026-01-01 10:00:00.000000', 'fetched', '2026-01-02 10:00:00.000000', 1, 0, NULL, '', '');
INSERT INTO documents (id, url_digest, canonical_url, request_url, url_key, host_id, added_at, attempts, failures,
                       next_fetch_at, etag, last_modified, role)
VALUES (3, :feed_url, 'https\://harbour-post.example/feed', 'http\://harbour-post.example/feed',
        'example,harbour-post)/feed', 1, '2026-01-01 10:00:00.000000', 0, 0, '2026-01-15 00:00:00.000000', '', '',
        'feed');
INSERT INTO attempts (id, key, document_id, reason, outcome, request_url, final_url, started_at, finished_at, status,
                      redirects, detail, bytes_received, run_token)
VALUES (3, 'k3', 2, 'new', 'fetched', 'http\://lind-herald.example/b', 'http\://lind-herald.example/b',
        '2026-01-02 09:59:00.000000', '2026-01-02 10:00:00.000000', 200, '[]', '', 900, 'run-1');
INSERT INTO captures (id, attempt_id, kind, url, captured_at, fetched_at, status, headers, media_type, payload_digest,
                      payload_length, file, record_offset, record_length, record_id, revisit_of, truncated)
VALUES (3, 3, 'live', 'http\://lind-herald.example/b', '2026-01-02 10:00:00.000000', '2026-01-02 10:00:00.000000', 200,
        '[]', 'text/html', 'sha256\:02', 900, 'c.warc.gz', 0, 500, 'urn\:uuid\:3', '', '');
INSERT INTO articles (id, document_id, latest, added_at, compare_pending, link_pending)
VALUES (2, 2, 1, '2026-01-02 10:00:00.000000', false, false);
INSERT INTO article_versions (id, article_id, number, capture_id, reported_at, extracted_at, headline, body, byline,
                              published_precision, published_evidence, published_raw, modified_precision,
                              modified_evidence, modified_raw, language, site_name, declared_url, lead_image_url, agency,
                              dateline, access, evidence, extractor, extractor_version, text_digest, agency_own)
VALUES (2, 2, 1, 3, '2026-01-02 10:00:00.000000', '2026-01-02 10:00:00.000000', 'Ferry on the bar',
        'Twelve people were brought ashore.', '', '', '', '', '', '', '', 'en', '', '', '', 'Lind News', '', 'full',
        '{}', 'generic', '1', 't2', true);
INSERT INTO sightings (capture_id, version_id, verdict, signal, matched_version_id, score, evidence)
VALUES (3, 2, 'near_duplicate', 'grams', 1, 0.9, 'most of it');
INSERT INTO cluster_members (article_id, cluster_id, score) VALUES (2, 1, 0.9);
INSERT INTO relations (article_id, other_id, kind, signal, score, share, other_share, evidence)
VALUES (1, 2, 'copy', 'grams', 0.9, 0.8, 1.0, '45 of 50');
INSERT INTO clusters (id, representative_id, merged_into) VALUES (2, 2, 1);
INSERT INTO article_texts (article_id, day, text, rest)
VALUES (2, 20455, 'ferry on the bar twelve people were brought ashore', '');
INSERT INTO event_links (event_id, article_id, how, score, evidence, linked_at, state, decided_by, decided_at)
VALUES (1, 2, 'content', 0.6, '5 of 8 words', '2026-01-02 10:00:00.000000', 'proposed', '', NULL);
INSERT INTO event_links (event_id, article_id, how, score, evidence, linked_at, state, decided_by, decided_at)
VALUES (1, 2, 'hand', 1.0, 'the same ferry', '2026-01-03 10:00:00.000000', 'confirmed', 'Ada Quill',
        '2026-01-03 10:00:00.000000');
INSERT INTO document_claims (document_id, target_digest, how, canonical_url, evidence, claimed_at)
VALUES (2, :first_url, 'canonical', 'https\://harbour-post.example/a', 'rel=canonical', '2026-01-02 10:00:00.000000');
INSERT INTO document_merges (document_id, into_id, how, evidence, merged_at, undone_at, undone_because)
VALUES (2, 1, 'hand', 'one text', '2026-01-02 10:00:00.000000', '2026-01-03 10:00:00.000000', 'two papers');
INSERT INTO feeds (document_id, kind, found_by, title, added_at, interval_s, polls, entries, found, last_found_at,
                   problem)
VALUES (3, 'feed', 'configuration', 'Harbour Post', '2026-01-01 10:00:00.000000', 3600.0, 2, 20, 1,
        '2026-01-01 10:00:00.000000', '');
INSERT INTO discoveries (document_id, feed_id, found_at, title, published_at)
VALUES (2, 3, '2026-01-01 10:00:00.000000', 'Ferry on the bar', NULL);
INSERT INTO stored_files (file, place, size, sha256, machine, stored_at, becoming)
VALUES ('a.warc.gz', 's3\://news/captures', 500, 'ab12', 'kiel', '2026-01-03 10:00:00.000000', '');
INSERT INTO attempt_batches (file, batch_offset, length, attempts, sha256, machine, written_at)
VALUES ('attempts-2025-11.jsonl.zst', 0, 900, 3, 'cd34', 'kiel', '2026-01-03 10:00:00.000000');
INSERT INTO thinned_documents (document_id, attempts, since, until)
VALUES (1, 3, '2025-11-02 10:00:00.000000', '2025-11-09 10:00:00.000000');
INSERT INTO marks (id, document_id, article_id, marked_by, marked_at, because, undone_by, undone_at)
VALUES (1, 2, 2, 'mara', '2026-01-04 10:00:00.000000', 'a list of jobs', 'ove', '2026-01-04 11:00:00.000000');
INSERT INTO marks (id, document_id, article_id, marked_by, marked_at, because, undone_by, undone_at)
VALUES (2, 2, 2, 'mara', '2026-01-05 10:00:00.000000', 'an index of pages', '', NULL);
INSERT INTO orders (id, kind, event_id, asked_by, asked_at, state, taken_by, taken_until, run, ended_at, exit_status,
                    problem)
VALUES (1, 'refetch', 1, 'mara', '2026-01-05 10:00:00.000000', 'failed', 'web-1', NULL, 2,
        '2026-01-05 10:05:00.000000', 2, 'it ended with status 2');
INSERT INTO orders (id, kind, event_id, asked_by, asked_at, state, taken_by, taken_until, run, ended_at, exit_status,
                    problem)
VALUES (2, 'refetch', 1, 'ove', '2026-01-05 11:00:00.000000', 'running', 'web-2', '2026-01-05 11:00:30.000000', 0, NULL,
        NULL, '')
