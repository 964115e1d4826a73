-- Up Migration

-- How long the pages of a complete scan took to answer: counts of the fixed buckets of times to first byte, so that scans can be added.
-- The inventory keeps the time of a page's last change only, and forgets it with the next one.
alter table scan
  add column response_buckets smallint[],
  add column response_counts integer[],
  add constraint scan_response_times check (cardinality(response_buckets) = cardinality(response_counts));
create index scan_response_times on scan (site_id, finished_at) where response_buckets is not null;
