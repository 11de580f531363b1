-- Browsers that signed in at an OpenID Connect provider have no key: such a session opens what its role opens.

alter table browser_session alter column key_hash drop not null;
alter table browser_session add column name text;
alter table browser_session add column role text
    constraint browser_session_role check (role in ('VIEWER', 'OPERATOR', 'ADMIN'));
alter table browser_session add constraint browser_session_whose
    check ((key_hash is null) = (name is not null) and (name is null) = (role is null));
