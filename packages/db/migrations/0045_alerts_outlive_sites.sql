-- Up Migration

-- An alert outlives its site, which ends it: what was told is told to be over. What is said of a component that stood for the site goes on.
alter table alert drop constraint alert_site_id_fkey;
alter table alert add constraint alert_site_id_fkey foreign key (site_id) references site (id) on delete set null;
