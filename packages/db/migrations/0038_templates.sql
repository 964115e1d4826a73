-- Up Migration

-- An org's own subject and intro of a mail, in Liquid.
create table template_override (
  org_id text not null references org (id) on delete cascade,
  template_id text not null,
  subject text,
  intro text,
  updated_at timestamptz not null,
  primary key (org_id, template_id)
);
select protect_tenant_table('template_override');
