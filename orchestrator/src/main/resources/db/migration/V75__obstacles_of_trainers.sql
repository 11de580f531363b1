-- Why a trainer that is heard takes no jobs.

alter table worker add column obstacle text;
