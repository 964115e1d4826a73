-- Up Migration

create index delivery_digests on delivery (destination_id, created_at desc) where reason = 'digest';

-- How far the digests of a destination are apart: an hour; twice as long for each in a row that could not be delivered, up to 32 hours.
create function digest_rest(p_destination_id text, p_now timestamptz) returns interval language sql stable as $$
  select interval '1 hour' * 2 ^ greatest(least(count(distinct lost.created_at), 6) - 1, 0)
  from delivery lost
  where lost.destination_id = p_destination_id and lost.reason = 'digest' and lost.state = 'exhausted'
    and lost.created_at > p_now - interval '7 days'
    and lost.created_at > all (
      select max(told.created_at) from delivery told
      where told.destination_id = p_destination_id and told.reason = 'digest' and told.state = 'succeeded'
      having count(*) > 0
    )
$$;

-- Destinations with something held for an hour that had no digest for as long as they rest.
drop function destinations_to_digest(timestamptz, integer);
create function destinations_to_digest(p_now timestamptz, p_limit integer) returns table (org_id text, destination_id text) language sql as $$
  select t.org_id, t.id from destination t
  where exists (
      select from delivery d
      where d.org_id = t.org_id and d.destination_id = t.id and d.state = 'held' and d.digest_id is null
        and d.created_at <= p_now - interval '1 hour'
    )
    and (t.last_digest_at is null or t.last_digest_at <= p_now - digest_rest(t.id, p_now))
  order by t.last_digest_at nulls first
  limit p_limit
$$;
select make_sweep_function('destinations_to_digest(timestamptz, integer)');

create index alert_day_by_age on alert_day (day);
-- A day whose end has still to be told stays.
create function delete_alert_days_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from alert_day a using (
      select org_id, day from alert_day
      where day < (p_before at time zone 'UTC')::date and (tripped_at is null or reset_at is not null)
      order by day limit p_limit for update skip locked
    ) old
    where a.org_id = old.org_id and a.day = old.day
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_alert_days_before(timestamptz, integer)');

create index invitation_by_expiry on invitation (expires_at);
create function delete_invitations_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from invitation where id in (select id from invitation where expires_at < p_before order by expires_at limit p_limit for update skip locked)
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_invitations_before(timestamptz, integer)');
