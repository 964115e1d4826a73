-- Up Migration

-- As before, but a claim changes no key, so it need not wait for, or pass over, a row to which another row is just being tied: a scan whose
-- parts begin, a threat that is named as a cause.
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
    for no key update of c skip locked
  )
  returning s.org_id, s.id, s.claims
$$;
select make_sweep_function('claim_scans(timestamptz, timestamptz, text, integer)');

drop function claim_looks(timestamptz, timestamptz, text, integer);
create function claim_looks(p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer) returns table (org_id text, threat_id text) language sql as $$
  update threat t set lease_token = p_token, lease_until = p_lease_until
  where t.id in (
    select c.id from threat c
    where c.next_look_at <= p_now and (c.lease_until is null or c.lease_until <= p_now)
    order by c.next_look_at
    limit p_limit
    for no key update skip locked
  )
  returning t.org_id, t.id
$$;
select make_sweep_function('claim_looks(timestamptz, timestamptz, text, integer)');
