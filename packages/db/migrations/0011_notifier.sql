-- Up Migration

alter table delivery
  -- Whoever gets it: its queue is claimed by receiver, so that a slow one holds up nobody else.
  add column receiver_id text not null generated always as (coalesce(webhook_id, destination_id)) stored,
  -- What a mail is about: who was told of a threat is also told when it is over.
  add column threat_id text,
  -- Attempts made since it was planned or last sent again by hand: where it is in the retry schedule.
  add column step integer not null default 0,
  add column redelivered_at timestamptz;
-- Claims and results update every row twice: the message lies beside the table, so that no update copies it, and room on the page keeps
-- the first of the two out of the indexes.
alter table delivery alter column message set storage external;
alter table delivery set (toast_tuple_target = 512, fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
drop index delivery_by_webhook;
create index delivery_by_webhook on delivery (webhook_id, created_at desc) where webhook_id is not null;
drop index delivery_by_destination;
create index delivery_by_destination on delivery (destination_id, created_at desc) where destination_id is not null;
-- Its delivery has the org, and takes it along.
alter table attempt drop constraint attempt_org_id_fkey;

-- By receiver and not by time: with a hundred thousand rows due for a dead endpoint, the others' are still found at once.
drop index delivery_due;
-- Rows of one moment keep their order, or the oldest few would not be the same few at the next look.
create index delivery_waiting on delivery (channel, receiver_id, next_attempt_at, event_seq, id) where state = 'pending';
drop index delivery_held;
create index delivery_held on delivery (org_id, destination_id, created_at) where state = 'held';
create index delivery_of_threat on delivery (threat_id) where threat_id is not null;
create index delivery_in_digest on delivery (digest_id) where digest_id is not null;

-- When the new day was told of, after a day on which the breaker had tripped.
alter table alert_day add column reset_at timestamptz;
create index alert_day_tripped on alert_day (day) where tripped_at is not null and reset_at is null;

-- Takes deliveries that nobody works on: due ones, and those whose notifier died. Receivers take turns. Of one receiver only the oldest
-- few are looked at, in hand or not, which limits what it has in flight over all replicas; one that is failing gets one at a time.
create function claim_deliveries(
  p_channel text, p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer, p_per_receiver integer
) returns table (
  id text, org_id text, receiver_id text, message jsonb, reason text, attempts integer, step integer, redelivered_at timestamptz, url text, secret text, old_secret text, address text
) language sql as $$
  with recursive receiver as (
    (select d.receiver_id as id from delivery d where d.state = 'pending' and d.channel = p_channel order by d.receiver_id limit 1)
    union all
    select (
      select d.receiver_id from delivery d
      where d.state = 'pending' and d.channel = p_channel and d.receiver_id > r.id order by d.receiver_id limit 1
    ) from receiver r where r.id is not null
  ), candidate as (
    select head.id
    from receiver r
    left join webhook w on w.id = r.id
    cross join lateral (
      select oldest.id, oldest.next_attempt_at, oldest.event_seq, oldest.lease_until, row_number() over (order by oldest.next_attempt_at, oldest.event_seq, oldest.id) as turn
      from (
        select d.id, d.next_attempt_at, d.event_seq, d.lease_until from delivery d
        where d.state = 'pending' and d.channel = p_channel and d.receiver_id = r.id and d.next_attempt_at <= p_now
        order by d.next_attempt_at, d.event_seq, d.id
        limit case when w.failing_since is null then p_per_receiver else 1 end
      ) oldest
    ) head
    where (w.not_before is null or w.not_before <= p_now)
      and (head.lease_until is null or head.lease_until <= p_now)
    order by head.turn, head.next_attempt_at, head.event_seq
    limit p_limit
  ), taken as (
    -- One by one by its key, and then by its place: with stale statistics a join would rather read every row that waits.
    select d.place from candidate c cross join lateral (
      select d.ctid as place from delivery d
      where d.id = c.id and d.state = 'pending' and (d.lease_until is null or d.lease_until <= p_now)
      for update skip locked
    ) d
  ), claimed as (
    update delivery d set lease_token = p_token, lease_until = p_lease_until
    where d.ctid = any (array(select t.place from taken t))
    returning d.*
  )
  select c.id, c.org_id, c.receiver_id, c.message, c.reason, c.attempts, c.step, c.redelivered_at, w.url, w.secret, case when w.old_secret_until > p_now then w.old_secret end, t.address
  from claimed c left join webhook w on w.id = c.webhook_id left join destination t on t.id = c.destination_id
$$;
select make_sweep_function('claim_deliveries(text, timestamptz, timestamptz, text, integer, integer)');

-- A notifier that stops gives back what it has not sent.
create function release_deliveries(p_token text, p_ids text[]) returns void language sql as $$
  update delivery set lease_token = null, lease_until = null where id = any (p_ids) and state = 'pending' and lease_token = p_token
$$;
select make_sweep_function('release_deliveries(text, text[])');

create function delivery_queue(p_now timestamptz) returns table (channel text, waiting bigint, oldest_seconds double precision) language sql as $$
  select d.channel, count(*), coalesce(extract(epoch from p_now - min(d.next_attempt_at)), 0)
  from delivery d where d.state = 'pending' and d.next_attempt_at <= p_now
  group by d.channel
$$;
select make_sweep_function('delivery_queue(timestamptz)');

-- Destinations with something held since before `p_before` that had no digest since then.
create function destinations_to_digest(p_before timestamptz, p_limit integer) returns table (org_id text, destination_id text) language sql as $$
  select t.org_id, t.id from destination t
  where (t.last_digest_at is null or t.last_digest_at <= p_before)
    and exists (
      select from delivery d
      where d.org_id = t.org_id and d.destination_id = t.id and d.state = 'held' and d.digest_id is null and d.created_at <= p_before
    )
  limit p_limit
$$;
select make_sweep_function('destinations_to_digest(timestamptz, integer)');

create function orgs_to_reset(p_today date, p_limit integer) returns table (org_id text) language sql as $$
  select distinct a.org_id from alert_day a where a.tripped_at is not null and a.reset_at is null and a.day < p_today limit p_limit
$$;
select make_sweep_function('orgs_to_reset(date, integer)');
