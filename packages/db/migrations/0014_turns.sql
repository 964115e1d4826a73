-- Up Migration

-- Whoever works for all orgs goes through them by id, a batch after the other: every org has its turn in every round, however busy or
-- broken the others are.
drop function orgs_behind(text, integer);
create function orgs_behind(p_consumer text, p_after text, p_limit integer) returns table (org_id text) language sql as $$
  select h.org_id
  from journal_head h left join journal_cursor c on c.org_id = h.org_id and c.consumer = p_consumer
  where h.org_id > p_after and h.seq > coalesce(c.seq, 0)
  order by h.org_id
  limit p_limit
$$;
select make_sweep_function('orgs_behind(text, text, integer)');

drop function orgs_with_events_before(timestamptz, integer);
create function orgs_with_events_before(p_before timestamptz, p_after text, p_limit integer) returns table (org_id text) language sql as $$
  select h.org_id from journal_head h
  where h.org_id > p_after and exists (select from event e where e.org_id = h.org_id and e.seq = h.floor_seq + 1 and e.at < p_before)
  order by h.org_id
  limit p_limit
$$;
select make_sweep_function('orgs_with_events_before(timestamptz, text, integer)');
