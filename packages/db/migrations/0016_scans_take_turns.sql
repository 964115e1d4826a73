-- Up Migration

-- As before, but orgs take turns: whoever has fewest scans in work comes first, so that one with a thousand sites to check now holds up
-- nobody else. Among equals, what was started by hand is not behind a schedule.
drop function claim_scans(timestamptz, timestamptz, text, integer);
create function claim_scans(p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer) returns table (org_id text, scan_id text, claims integer) language sql as $$
  with busy as (
    select b.org_id, count(*) as scans from scan b
    where b.state in ('queued', 'running') and b.lease_until > p_now
    group by b.org_id
  )
  update scan s set lease_token = p_token, lease_until = p_lease_until, claims = s.claims + 1
  where s.id in (
    select c.id from scan c left join busy on busy.org_id = c.org_id
    where c.state in ('queued', 'running') and (c.lease_until is null or c.lease_until <= p_now)
    order by coalesce(busy.scans, 0), c.trigger <> 'manual', c.queued_at
    limit p_limit
    for update of c skip locked
  )
  returning s.org_id, s.id, s.claims
$$;
select make_sweep_function('claim_scans(timestamptz, timestamptz, text, integer)');
