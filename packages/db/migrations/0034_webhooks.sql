-- Up Migration

-- `short`: five attempts in about three hours, for receivers to whom yesterday's news is none.
alter table org add column webhook_retries text not null default 'standard' check (webhook_retries in ('standard', 'short'));
drop function memberships_of(text);
create function memberships_of(p_account_id text) returns table (
  org_id text, role text, name text, daily_alert_limit integer, daily_critical_reserve integer, webhook_retries text, created_at timestamptz,
  version integer
) language sql as $$
  select m.org_id, m.role, o.name, o.daily_alert_limit, o.daily_critical_reserve, o.webhook_retries, o.created_at, o.version
  from member m join org o on o.id = m.org_id
  where m.account_id = p_account_id
  order by m.joined_at, m.org_id
$$;
select make_sweep_function('memberships_of(text)');

alter table webhook
  -- Attempts in any minute; null: as many as it answers.
  add column rate_limit integer check (rate_limit between 1 and 6000),
  -- Up to when its rate is used up (the theoretical arrival time of GCRA).
  add column paced_until timestamptz,
  -- The next event only after the one before was accepted or given up.
  add column ordered boolean not null default false,
  -- Names as they are shown, and {name: value} sealed for this row.
  add column header_names text[] not null default '{}',
  add column headers text,
  -- While it is failing: when that was told of for the first and for the second time.
  add column noticed_at timestamptz,
  add column warned_at timestamptz,
  -- Since when it may have missed something: it was disabled, and nobody has had it recover since.
  add column missed_since timestamptz;
create index webhook_paced on webhook (id) where rate_limit is not null;

-- What an endpoint has missed is planned again from the journal, batch by batch. The latest of each endpoint.
create table webhook_recovery (
  webhook_id text primary key references webhook (id) on delete cascade,
  org_id text not null references org (id) on delete cascade,
  since timestamptz not null,
  state text not null check (state in ('running', 'finished', 'cancelled')),
  from_seq bigint not null,
  to_seq bigint not null,
  -- Handled up to here.
  seq bigint not null,
  planned integer not null default 0,
  revived integer not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index webhook_recovery_by_org on webhook_recovery (org_id);
create index webhook_recovery_running on webhook_recovery (started_at) where state = 'running';
select protect_tenant_table('webhook_recovery');

create function webhooks_to_recover(p_limit integer) returns table (org_id text, webhook_id text) language sql as $$
  select r.org_id, r.webhook_id from webhook_recovery r where r.state = 'running' order by r.started_at limit p_limit
$$;
select make_sweep_function('webhooks_to_recover(integer)');

-- Of an endpoint that wants its events in order; known when it is planned, so that the two kinds wait in a queue each.
alter table delivery add column ordered boolean not null default false;
-- A claim takes the oldest of every receiver: rows that lie side by side. With half of each page free none of them leaves its page, and no
-- index hears of it.
alter table delivery set (fillfactor = 50);
drop index delivery_waiting;
create index delivery_waiting on delivery (channel, receiver_id, next_attempt_at, event_seq, id) where state = 'pending' and not ordered;
create index delivery_in_order on delivery (receiver_id, event_seq, id) where state = 'pending' and ordered;

-- How many more attempts a rate allows now: a fifth of the minute's at once, the rest evenly, and so never more than `p_rate` in any
-- minute. `p_tat` is up to when the rate is used up.
create function rate_step(p_rate integer) returns interval language sql immutable as $$
  select interval '60 seconds' / (p_rate - ceil(p_rate / 5.0) + 1)::double precision
$$;
create function rate_room(p_rate integer, p_tat timestamptz, p_now timestamptz) returns integer language sql immutable as $$
  select greatest(0, 1 + floor(
    extract(epoch from p_now + rate_step(p_rate) * (ceil(p_rate / 5.0) - 1)::double precision - greatest(coalesce(p_tat, p_now), p_now))
      / extract(epoch from rate_step(p_rate))
  ))::integer
$$;

drop function claim_deliveries(text, timestamptz, timestamptz, text, integer, integer);
-- Takes deliveries that nobody works on: due ones, and those whose notifier died. Receivers take turns. Of one receiver only the oldest
-- few are looked at, of those that are free or in the hands of this replica (its token begins with its name), which limits what it has
-- in flight with each: what a killed one held does not stand in the way of the others until its lease ends. One that is failing gets
-- one at a time over all replicas, one that wants order only what is first in it, one with a rate what is left of that.
create function claim_deliveries(
  p_channel text, p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer, p_per_receiver integer
) returns table (
  id text, org_id text, receiver_id text, message jsonb, reason text, attempts integer, step integer, redelivered_at timestamptz,
  url text, secret text, old_secret text, headers text, retries text, address text, kind text, config jsonb, credentials text
) language plpgsql as $$
-- Not plain SQL: older versions of Postgres would plan that anew at every call, which takes longer than what is planned.
#variable_conflict use_column
begin return query
  with recursive waiting as (
    (select d.receiver_id as id from delivery d where d.state = 'pending' and not d.ordered and d.channel = p_channel order by d.receiver_id limit 1)
    union all
    select (
      select d.receiver_id from delivery d
      where d.state = 'pending' and not d.ordered and d.channel = p_channel and d.receiver_id > r.id order by d.receiver_id limit 1
    ) from waiting r where r.id is not null
  ), in_order as (
    (select d.receiver_id as id from delivery d where d.state = 'pending' and d.ordered and p_channel = 'webhook' order by d.receiver_id limit 1)
    union all
    select (
      select d.receiver_id from delivery d where d.state = 'pending' and d.ordered and d.receiver_id > r.id order by d.receiver_id limit 1
    ) from in_order r where r.id is not null
  ), paced as (
    -- Locked, so that two replicas do not both use up the same minute. Who cannot have it now comes again.
    select w.id, w.rate_limit, w.paced_until from webhook w
    where w.rate_limit is not null and w.id in (select r.id from waiting r union select r.id from in_order r)
    for no key update skip locked
  ), open as (
    select r.id, r.ordered, coalesce(w.failing_since, t.failing_since) is not null as failing, least(
      case when coalesce(w.failing_since, t.failing_since) is null then p_per_receiver else 1 end,
      case when w.rate_limit is not null then coalesce((select rate_room(p.rate_limit, p.paced_until, p_now) from paced p where p.id = r.id), 0) end
    ) as room
    from (select w.id, false as ordered from waiting w union all select o.id, true from in_order o) r
    left join webhook w on w.id = r.id
    left join destination t on t.id = r.id
    where r.id is not null and (w.not_before is null or w.not_before <= p_now) and (t.not_before is null or t.not_before <= p_now)
  ), candidate as (
    select head.id
    from open r
    cross join lateral (
      select oldest.id, oldest.next_attempt_at, oldest.event_seq, oldest.lease_until, row_number() over (order by oldest.next_attempt_at, oldest.event_seq, oldest.id) as turn
      from (
        select d.id, d.next_attempt_at, d.event_seq, d.lease_until from delivery d
        where not r.ordered and d.state = 'pending' and not d.ordered and d.channel = p_channel and d.receiver_id = r.id and d.next_attempt_at <= p_now
          and (r.failing or d.lease_until is null or d.lease_until <= p_now or starts_with(d.lease_token, split_part(p_token, ':', 1)))
        order by d.next_attempt_at, d.event_seq, d.id
        limit r.room
      ) oldest
      union all
      select first.id, first.next_attempt_at, first.event_seq, first.lease_until, 1
      from (
        select d.id, d.next_attempt_at, d.event_seq, d.lease_until from delivery d
        where r.ordered and d.state = 'pending' and d.ordered and d.receiver_id = r.id
        order by d.event_seq, d.id
        limit least(r.room, 1)
      ) first
      where first.next_attempt_at <= p_now
    ) head
    where head.lease_until is null or head.lease_until <= p_now
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
  ), used as (
    update webhook w set paced_until = greatest(coalesce(p.paced_until, p_now), p_now) + rate_step(p.rate_limit) * c.count
    from paced p join (select c.receiver_id, count(*) as count from claimed c group by c.receiver_id) c on c.receiver_id = p.id
    where w.id = p.id
  )
  select c.id, c.org_id, c.receiver_id, c.message, c.reason, c.attempts, c.step, c.redelivered_at, w.url, w.secret,
    case when w.old_secret_until > p_now then w.old_secret end, w.headers, o.webhook_retries, coalesce(t.address, a.email), t.kind, t.config,
    t.credentials
  from claimed c
  join org o on o.id = c.org_id
  left join webhook w on w.id = c.webhook_id
  left join destination t on t.id = c.destination_id
  left join account a on a.id = c.user_id;
end $$;
select make_sweep_function('claim_deliveries(text, timestamptz, timestamptz, text, integer, integer)');

drop function delivery_queue(timestamptz);
create function delivery_queue(p_now timestamptz) returns table (channel text, waiting bigint, oldest_seconds double precision) language sql as $$
  select due.channel, count(*), coalesce(extract(epoch from p_now - min(due.next_attempt_at)), 0)
  from (
    select d.channel, d.next_attempt_at from delivery d where d.state = 'pending' and not d.ordered and d.next_attempt_at <= p_now
    union all
    select d.channel, d.next_attempt_at from delivery d where d.state = 'pending' and d.ordered and d.next_attempt_at <= p_now
  ) due
  group by due.channel
$$;
select make_sweep_function('delivery_queue(timestamptz)');
