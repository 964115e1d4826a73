-- Up Migration

-- What an org or one of its people wants to hear: without a user the org's word, without a rule the word about all of them.
create table preference (
  org_id text not null references org (id) on delete cascade,
  user_id text,
  rule_id text references alert_rule (id) on delete cascade,
  -- The contract's PreferenceSettings: what it does not say is said by the level behind it.
  settings jsonb not null,
  updated_at timestamptz not null,
  unique nulls not distinct (org_id, user_id, rule_id),
  foreign key (org_id, user_id) references member (org_id, account_id) on delete cascade,
  -- The org's word about a rule is the rule itself.
  check (user_id is not null or rule_id is null)
);
create index preference_by_rule on preference (rule_id) where rule_id is not null;
select protect_tenant_table('preference');

-- When a member is to be mailed.
create table member_schedule (
  org_id text not null,
  user_id text not null,
  zone text not null,
  windows jsonb not null,
  critical_overrides boolean not null,
  daily_digest_at text not null,
  updated_at timestamptz not null,
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references member (org_id, account_id) on delete cascade
);
select protect_tenant_table('member_schedule');

-- The feed of one person: each alert once, with what was told of it last.
create table notification (
  id text primary key,
  org_id text not null,
  user_id text not null,
  alert_id text not null references alert (id) on delete cascade,
  kind text not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  title text not null,
  site text,
  path text not null,
  told_at timestamptz not null,
  read_at timestamptz,
  unique (org_id, user_id, alert_id),
  foreign key (org_id, user_id) references member (org_id, account_id) on delete cascade
);
create index notification_feed on notification (org_id, user_id, told_at desc, id desc);
create index notification_unread on notification (org_id, user_id, told_at desc, id desc) where read_at is null;
create index notification_by_alert on notification (alert_id);
create index notification_by_age on notification (told_at);
select protect_tenant_table('notification');

create function delete_notifications_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from notification where id in (
      select id from notification where told_at < p_before order by told_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_notifications_before(timestamptz, integer)');

-- Digests are for destinations and for members.
alter table member add column last_digest_at timestamptz;
create index delivery_digest_of on delivery (org_id, receiver_id, created_at desc) where reason = 'digest';
drop index delivery_digests;

drop function destinations_to_digest(timestamptz, integer);
drop function digest_rest(text, timestamptz);
-- How long a receiver rests whose last digests could not be delivered: an hour, and twice as long for each more of them, up to 32 hours.
create function digest_rest(p_org_id text, p_receiver_id text, p_now timestamptz) returns interval language sql stable as $$
  select case when count(*) = 0 then interval '0' else interval '1 hour' * 2 ^ (least(count(distinct lost.created_at), 6) - 1) end
  from delivery lost
  where lost.org_id = p_org_id and lost.receiver_id = p_receiver_id and lost.reason = 'digest' and lost.state = 'exhausted'
    and lost.created_at > p_now - interval '7 days'
    and lost.created_at > all (
      select max(told.created_at) from delivery told
      where told.org_id = p_org_id and told.receiver_id = p_receiver_id and told.reason = 'digest' and told.state = 'succeeded'
      having count(*) > 0
    )
$$;

-- Whether something that is held for a receiver is to be told now. What is held without a time is over the daily limit: it is told an hour
-- later, and once an hour. The rest has a time of its own.
create function digest_is_due(p_org_id text, p_receiver_id text, p_last timestamptz, p_now timestamptz) returns boolean language sql stable as $$
  select exists (
    select from delivery d
    where d.org_id = p_org_id and d.receiver_id = p_receiver_id and d.state = 'held' and d.digest_id is null
      and case when d.hold_until is not null then d.hold_until <= p_now
        else d.created_at <= p_now - interval '1 hour' and (p_last is null or p_last <= p_now - interval '1 hour') end
  ) and (p_last is null or p_last <= p_now - digest_rest(p_org_id, p_receiver_id, p_now))
$$;

-- Each is a destination or a member. What is held is little beside all members: it is looked at first.
create function receivers_to_digest(p_now timestamptz, p_limit integer)
  returns table (org_id text, destination_id text, user_id text) language sql as $$
  select w.org_id, r.destination_id, r.user_id
  from (select distinct d.org_id, d.receiver_id from delivery d where d.state = 'held' and d.digest_id is null) w
  join lateral (
    select t.id as destination_id, null::text as user_id, t.last_digest_at
    from destination t where t.org_id = w.org_id and t.id = w.receiver_id
    union all
    select null, m.account_id, m.last_digest_at
    from member m where m.org_id = w.org_id and m.account_id = w.receiver_id
  ) r on digest_is_due(w.org_id, w.receiver_id, r.last_digest_at, p_now)
  order by r.last_digest_at nulls first
  limit p_limit
$$;
select make_sweep_function('receivers_to_digest(timestamptz, integer)');
