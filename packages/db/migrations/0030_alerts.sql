-- Up Migration

-- What an org wants to be told of. `config` is the contract's AlertRuleConfig: filter, condition, window, grouping, receivers, escalation.
create table alert_rule (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  name text not null,
  description text not null,
  kind text not null check (kind in ('threshold', 'anomaly', 'performance', 'milestone')),
  config jsonb not null,
  enabled boolean not null default true,
  -- One of those that every org begins with.
  preset text,
  -- Events up to here were before the rule, or before its last change: it says nothing about them.
  after_seq bigint not null default 0,
  -- Of a rule over a metric: when its next window is judged, and who is at it.
  next_evaluation_at timestamptz,
  lease_until timestamptz,
  created_at timestamptz not null,
  version integer not null default 1
);
create unique index alert_rule_preset on alert_rule (org_id, preset) where preset is not null;
create index alert_rule_by_org on alert_rule (org_id, created_at desc, id desc);
create index alert_rule_due on alert_rule (next_evaluation_at) where enabled and next_evaluation_at is not null;
select protect_tenant_table('alert_rule');

create table alert (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  -- An alert outlives its rule: what was told stays.
  rule_id text references alert_rule (id) on delete set null,
  rule_name text not null,
  -- hash(org, rule, subject, chosen labels): one open alert each.
  fingerprint text not null,
  -- threat:<id>, monitor:<id>, component:<id>, incident:<id>, site:<id>, or metric:<name>:<subject>
  subject text not null,
  -- Subjects whose outage explains this one.
  parents text[] not null default '{}',
  -- It is itself an outage of its subject: it mutes those that have its subject among their parents.
  outage boolean not null default false,
  site_id text references site (id) on delete cascade,
  -- What silences and groups may match: type, rule, site, tag, severity, …
  labels jsonb not null,
  -- What tells of it: threat.detected, monitor.down, …, metric.breached
  source text not null,
  title text not null,
  -- Everything a message says of it: the contract's NoticeAlert without id, state and times.
  facts jsonb not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  state text not null check (state in ('triggered', 'acknowledged', 'resolved')),
  snoozed_until timestamptz,
  group_key text not null,
  -- Newest last, at most 21: whether it was bad.
  flips boolean[] not null default '{}',
  flapping boolean not null default false,
  occurrences integer not null default 1,
  triggered_at timestamptz not null,
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  updated_at timestamptz not null,
  version integer not null default 1
);
create unique index alert_open on alert (org_id, fingerprint) where state <> 'resolved';
create index alert_by_fingerprint on alert (org_id, fingerprint, triggered_at desc);
create index alert_by_org on alert (org_id, triggered_at desc, id desc);
create index alert_by_subject on alert (org_id, subject) where state <> 'resolved';
create index alert_by_rule on alert (rule_id) where rule_id is not null;
create index alert_by_site on alert (site_id) where site_id is not null;
create index alert_resolved_by_age on alert (resolved_at) where state = 'resolved';
select protect_tenant_table('alert');

-- Who did what to an alert, when and why.
create table alert_step (
  org_id text not null references org (id) on delete cascade,
  alert_id text not null references alert (id) on delete cascade,
  number integer not null,
  at timestamptz not null,
  step text not null,
  actor jsonb not null,
  note text,
  primary key (alert_id, number)
);
select protect_tenant_table('alert_step');

-- Something about an alert that waits to be told, until its group's time has come. Written with the alert's change, told by the dispatch pass.
create table alert_notice (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  alert_id text not null references alert (id) on delete cascade,
  rule_id text references alert_rule (id) on delete cascade,
  group_key text not null,
  kind text not null check (kind in ('triggered', 'worsened', 'resolved', 'acknowledged', 'flapping_started', 'flapping_stopped', 'reminder', 'escalated')),
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  -- Of an escalation: which of the rule's steps, and which time round.
  step integer,
  round integer,
  due_at timestamptz not null,
  created_at timestamptz not null,
  -- Null: still to be decided.
  decided_at timestamptz
);
create index alert_notice_due on alert_notice (due_at) where decided_at is null;
create index alert_notice_group on alert_notice (org_id, rule_id, group_key, due_at) where decided_at is null;
create index alert_notice_by_alert on alert_notice (alert_id, created_at);
create index alert_notice_by_rule on alert_notice (rule_id) where rule_id is not null;
select protect_tenant_table('alert_notice');

-- Why somebody did, or did not, hear of an alert.
create table alert_decision (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  alert_id text not null references alert (id) on delete cascade,
  notice_id text references alert_notice (id) on delete set null,
  at timestamptz not null,
  -- destination, member, subscriber; none: it was decided for everybody.
  receiver_kind text not null check (receiver_kind in ('destination', 'member', 'subscriber', 'none')),
  receiver_id text,
  receiver_name text not null,
  notice text not null,
  verdict text not null check (verdict in ('sent', 'held', 'suppressed')),
  reason text not null,
  detail text,
  -- Held or muted until then, where that is known.
  until timestamptz,
  delivery_id text references delivery (id) on delete set null
);
create index alert_decision_by_alert on alert_decision (alert_id, at, id);
create index alert_decision_by_delivery on alert_decision (delivery_id) where delivery_id is not null;
create index alert_decision_by_notice on alert_decision (notice_id) where notice_id is not null;
select protect_tenant_table('alert_decision');

-- A destination is any way to reach people: what its kind needs is in `config`, what is secret of it is sealed in `credentials`.
alter table destination drop constraint destination_kind_check;
alter table destination
  add column config jsonb not null default '{}',
  add column credentials text,
  add column disabled_reason text check (disabled_reason in ('by_hand', 'gone', 'failing', 'bounced')),
  add column failing_since timestamptz,
  add column not_before timestamptz,
  alter column address drop not null;

-- A delivery is for a webhook, a destination, a member's mailbox or a subscriber.
alter table delivery drop column receiver_id cascade;
drop index delivery_once;
alter table delivery drop constraint delivery_check;
alter table delivery drop constraint delivery_channel_check;
alter table delivery
  add column user_id text,
  add column subscriber_id text,
  -- Held: when it is told of at the latest.
  add column hold_until timestamptz;
alter table delivery
  add column receiver_id text not null generated always as (coalesce(webhook_id, destination_id, user_id, subscriber_id)) stored,
  add constraint delivery_one_receiver check (num_nonnulls(webhook_id, destination_id, user_id, subscriber_id) = 1),
  add constraint delivery_channel_check check (channel in ('webhook', 'email', 'chat')),
  add constraint delivery_member_fkey foreign key (org_id, user_id) references member (org_id, account_id) on delete cascade;
create unique index delivery_once on delivery (org_id, event_seq, receiver_id) where event_seq is not null;
create index delivery_waiting on delivery (channel, receiver_id, next_attempt_at, event_seq, id) where state = 'pending';
drop index delivery_held;
create index delivery_held on delivery (org_id, receiver_id, hold_until) where state = 'held' and digest_id is null;
create index delivery_by_member on delivery (org_id, user_id) where user_id is not null;
create index delivery_by_subscriber on delivery (subscriber_id, created_at desc) where subscriber_id is not null;

drop function claim_deliveries(text, timestamptz, timestamptz, text, integer, integer);
create function claim_deliveries(
  p_channel text, p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer, p_per_receiver integer
) returns table (
  id text, org_id text, receiver_id text, message jsonb, reason text, attempts integer, step integer, redelivered_at timestamptz,
  url text, secret text, old_secret text, address text, kind text, config jsonb, credentials text
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
    left join destination t on t.id = r.id
    cross join lateral (
      select oldest.id, oldest.next_attempt_at, oldest.event_seq, oldest.lease_until, row_number() over (order by oldest.next_attempt_at, oldest.event_seq, oldest.id) as turn
      from (
        select d.id, d.next_attempt_at, d.event_seq, d.lease_until from delivery d
        where d.state = 'pending' and d.channel = p_channel and d.receiver_id = r.id and d.next_attempt_at <= p_now
        order by d.next_attempt_at, d.event_seq, d.id
        limit case when coalesce(w.failing_since, t.failing_since) is null then p_per_receiver else 1 end
      ) oldest
    ) head
    where (w.not_before is null or w.not_before <= p_now)
      and (t.not_before is null or t.not_before <= p_now)
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
  select c.id, c.org_id, c.receiver_id, c.message, c.reason, c.attempts, c.step, c.redelivered_at, w.url, w.secret,
    case when w.old_secret_until > p_now then w.old_secret end, coalesce(t.address, a.email), t.kind, t.config, t.credentials
  from claimed c
  left join webhook w on w.id = c.webhook_id
  left join destination t on t.id = c.destination_id
  left join account a on a.id = c.user_id
$$;
select make_sweep_function('claim_deliveries(text, timestamptz, timestamptz, text, integer, integer)');
