-- What a training told after each of its epochs.

create table epoch (
    trial_id            text             not null references trial (id),
    attempt             integer          not null,
    number              integer          not null,
    training_loss       double precision not null,
    validation_accuracy double precision not null,
    seconds             double precision not null,
    primary key (trial_id, attempt, number)
);
