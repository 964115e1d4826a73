-- Up Migration

-- Who wants to hear what a status page says.
create table subscriber (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  status_page_id text not null references status_page (id) on delete cascade,
  kind text not null check (kind in ('email', 'webhook', 'slack')),
  -- Of mail the address, in lower case; of the others the host, for people to recognise it by.
  address text not null,
  -- What tells two of a page apart: the address, or a hash of the URL.
  identity text not null,
  -- Of a webhook; its secret is sealed, as are the settings of a chat.
  url text,
  secret text,
  credentials text,
  state text not null check (state in ('pending', 'confirmed', 'quarantined', 'unsubscribed')),
  -- Why it is quarantined or gone: hard_bounce, soft_bounces, complaint, by_themselves, by_admin.
  state_reason text,
  state_at timestamptz not null,
  -- Null: all of them, those to come as well.
  component_ids text[],
  minimum_impact text not null default 'none' check (minimum_impact in ('none', 'minor', 'major', 'critical')),
  paused_until timestamptz,
  -- Of the one link that confirms; the link itself is kept nowhere.
  token_hash text,
  token_expires_at timestamptz,
  -- The last mail about the subscription itself: somebody who types an address again and again fills no inbox.
  mailed_at timestamptz,
  source text not null check (source in ('page', 'admin', 'import')),
  -- When and how they agreed, for whoever has to prove it.
  confirmed_at timestamptz,
  consent text,
  soft_bounces integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create unique index subscriber_once on subscriber (status_page_id, kind, identity);
create index subscriber_by_org on subscriber (org_id, created_at desc, id desc);
create index subscriber_to_tell on subscriber (status_page_id, id) where state = 'confirmed';
create index subscriber_by_address on subscriber (address) where kind = 'email';
create index subscriber_to_purge on subscriber (state_at) where state in ('pending', 'unsubscribed');
select protect_tenant_table('subscriber');

alter table delivery add constraint delivery_subscriber_fkey foreign key (subscriber_id) references subscriber (id) on delete cascade;
-- How much of what subscribers are told is still to be sent.
create index delivery_to_subscribers on delivery (org_id, next_attempt_at) where state = 'pending' and subscriber_id is not null;

-- One event that a page's subscribers hear of. Rows for them are made in batches, in the order of their ids; `told_id` is how far.
create table broadcast (
  org_id text not null references org (id) on delete cascade,
  status_page_id text not null references status_page (id) on delete cascade,
  event_seq bigint not null,
  event_type text not null,
  message jsonb not null,
  told_id text,
  planned integer not null default 0,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (org_id, event_seq, status_page_id)
);
create index broadcast_open on broadcast (created_at) where finished_at is null;
create index broadcast_by_age on broadcast (finished_at) where finished_at is not null;
select protect_tenant_table('broadcast');

-- How many rows an org's broadcasts have made in a minute.
create table broadcast_pace (
  org_id text primary key references org (id) on delete cascade,
  minute timestamptz not null,
  made integer not null
);
select protect_tenant_table('broadcast_pace');

create function open_broadcasts(p_limit integer) returns table (org_id text) language sql as $$
  select b.org_id from broadcast b where b.finished_at is null group by b.org_id order by min(b.created_at) limit p_limit
$$;
select make_sweep_function('open_broadcasts(integer)');

-- Where claimed deliveries of subscribers lead.
create function subscriber_receivers(p_ids text[]) returns table (
  id text, kind text, address text, url text, secret text, credentials text
) language sql stable as $$
  select s.id, s.kind, s.address, s.url, s.secret, s.credentials from subscriber s where s.id = any (p_ids)
$$;
select make_sweep_function('subscriber_receivers(text[])');

-- What a link means, before anything is known of an org.
create function org_of_subscriber(p_id text) returns table (org_id text) language sql stable as $$
  select s.org_id from subscriber s where s.id = p_id
$$;
select make_sweep_function('org_of_subscriber(text)');

-- Whom a mail that came back is about: the receiver of the delivery, or everybody with that address.
create function bounced_subscribers(p_delivery_id text, p_address text) returns table (org_id text, subscriber_id text) language sql stable as $$
  select d.org_id, d.subscriber_id from delivery d where d.id = p_delivery_id and d.subscriber_id is not null
  union
  select s.org_id, s.id from subscriber s
  where s.kind = 'email' and s.address = p_address and not exists (select from delivery d where d.id = p_delivery_id)
  limit 1000
$$;
select make_sweep_function('bounced_subscribers(text, text)');

create function purge_subscribers(p_pending_before timestamptz, p_gone_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from subscriber where id in (
      select s.id from subscriber s
      where (s.state = 'pending' and s.state_at < p_pending_before) or (s.state = 'unsubscribed' and s.state_at < p_gone_before)
      limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('purge_subscribers(timestamptz, timestamptz, integer)');

create function delete_broadcasts_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from broadcast b using (
      select org_id, event_seq, status_page_id from broadcast where finished_at < p_before order by finished_at limit p_limit for update skip locked
    ) old
    where b.org_id = old.org_id and b.event_seq = old.event_seq and b.status_page_id = old.status_page_id
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_broadcasts_before(timestamptz, integer)');
