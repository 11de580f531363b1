-- Experiments and results from before label smoothing, augmentation and precision were settings: what their trainings did.
update experiment
set specification = jsonb_set(
    specification, '{training}', '{"labelSmoothing": 0, "augmentation": "none", "precision": "fp32"}'::jsonb || (specification -> 'training'));

update trial
set identity = jsonb_set(identity, '{settings}', '{"labelSmoothing": 0, "augmentation": "none", "precision": "fp32"}'::jsonb || (identity -> 'settings'))
where identity is not null;
