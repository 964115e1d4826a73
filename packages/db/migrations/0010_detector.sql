-- Up Migration

-- Open threats of a site by severity: the one definition of what counts, for sites and for threats. Runs as its caller, so within the wall.
create function threat_summary(p_site_id text) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'critical', count(*) filter (where t.severity = 'critical'),
    'high', count(*) filter (where t.severity = 'high'),
    'medium', count(*) filter (where t.severity = 'medium'),
    'low', count(*) filter (where t.severity = 'low')
  )
  from threat t where t.site_id = p_site_id and t.state in ('active', 'acknowledged')
$$;
grant execute on function threat_summary(text) to tocsin_app;

-- Retention. Each deletes one batch, across orgs, and says how many rows went.
create index scan_by_end on scan (finished_at) where finished_at is not null;
create function delete_scans_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from scan where id in (select id from scan where finished_at < p_before order by finished_at limit p_limit for update skip locked)
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_scans_before(timestamptz, integer)');

create index delivery_by_end on delivery (finished_at) where finished_at is not null;
-- A delivery that is held for a digest is not finished.
create function delete_deliveries_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from delivery where id in (
      select id from delivery
      where finished_at < p_before and state not in ('pending', 'held')
      order by finished_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_deliveries_before(timestamptz, integer)');

create index page_by_age on page (seen_at);
create function delete_pages_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from page p using (
      select site_id, url from page where seen_at < p_before order by seen_at limit p_limit for update skip locked
    ) old
    where p.site_id = old.site_id and p.url = old.url
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_pages_before(timestamptz, integer)');
