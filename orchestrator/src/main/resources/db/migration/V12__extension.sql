-- An experiment that goes on with a larger beam ranks its stages anew: cells that it trained before and that the larger beam leaves out are set aside.

alter table trial add column set_aside boolean not null default false;
