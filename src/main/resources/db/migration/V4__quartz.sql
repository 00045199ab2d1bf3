-- The tables of Quartz 2.5 for PostgreSQL, as Quartz wants them, under a prefix of their own: the schedules that all nodes
-- of this history share, so that each time is fired by one of them. Without its indexes: there are a few rows at the most.
CREATE TABLE bactrian_qrtz_job_details (
    sched_name varchar(120) NOT NULL,
    job_name varchar(200) NOT NULL,
    job_group varchar(200) NOT NULL,
    description varchar(250),
    job_class_name varchar(250) NOT NULL,
    is_durable boolean NOT NULL,
    is_nonconcurrent boolean NOT NULL,
    is_update_data boolean NOT NULL,
    requests_recovery boolean NOT NULL,
    job_data bytea,
    PRIMARY KEY (sched_name, job_name, job_group)
);

CREATE TABLE bactrian_qrtz_triggers (
    sched_name varchar(120) NOT NULL,
    trigger_name varchar(200) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    job_name varchar(200) NOT NULL,
    job_group varchar(200) NOT NULL,
    description varchar(250),
    next_fire_time bigint,
    prev_fire_time bigint,
    priority integer,
    trigger_state varchar(16) NOT NULL,
    trigger_type varchar(8) NOT NULL,
    start_time bigint NOT NULL,
    end_time bigint,
    calendar_name varchar(200),
    misfire_instr smallint,
    job_data bytea,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, job_name, job_group)
    REFERENCES bactrian_qrtz_job_details (sched_name, job_name, job_group)
);

CREATE TABLE bactrian_qrtz_simple_triggers (
    sched_name varchar(120) NOT NULL,
    trigger_name varchar(200) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    repeat_count bigint NOT NULL,
    repeat_interval bigint NOT NULL,
    times_triggered bigint NOT NULL,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
    REFERENCES bactrian_qrtz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE bactrian_qrtz_cron_triggers (
    sched_name varchar(120) NOT NULL,
    trigger_name varchar(200) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    cron_expression varchar(120) NOT NULL,
    time_zone_id varchar(80),
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
    REFERENCES bactrian_qrtz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE bactrian_qrtz_simprop_triggers (
    sched_name varchar(120) NOT NULL,
    trigger_name varchar(200) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    str_prop_1 varchar(512),
    str_prop_2 varchar(512),
    str_prop_3 varchar(512),
    int_prop_1 integer,
    int_prop_2 integer,
    long_prop_1 bigint,
    long_prop_2 bigint,
    dec_prop_1 numeric(13, 4),
    dec_prop_2 numeric(13, 4),
    bool_prop_1 boolean,
    bool_prop_2 boolean,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
    REFERENCES bactrian_qrtz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE bactrian_qrtz_blob_triggers (
    sched_name varchar(120) NOT NULL,
    trigger_name varchar(200) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    blob_data bytea,
    PRIMARY KEY (sched_name, trigger_name, trigger_group),
    FOREIGN KEY (sched_name, trigger_name, trigger_group)
    REFERENCES bactrian_qrtz_triggers (sched_name, trigger_name, trigger_group)
);

CREATE TABLE bactrian_qrtz_calendars (
    sched_name varchar(120) NOT NULL,
    calendar_name varchar(200) NOT NULL,
    calendar bytea NOT NULL,
    PRIMARY KEY (sched_name, calendar_name)
);

CREATE TABLE bactrian_qrtz_paused_trigger_grps (
    sched_name varchar(120) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    PRIMARY KEY (sched_name, trigger_group)
);

CREATE TABLE bactrian_qrtz_fired_triggers (
    sched_name varchar(120) NOT NULL,
    entry_id varchar(95) NOT NULL,
    trigger_name varchar(200) NOT NULL,
    trigger_group varchar(200) NOT NULL,
    instance_name varchar(200) NOT NULL,
    fired_time bigint NOT NULL,
    sched_time bigint NOT NULL,
    priority integer NOT NULL,
    state varchar(16) NOT NULL,
    job_name varchar(200),
    job_group varchar(200),
    is_nonconcurrent boolean,
    requests_recovery boolean,
    PRIMARY KEY (sched_name, entry_id)
);

CREATE TABLE bactrian_qrtz_scheduler_state (
    sched_name varchar(120) NOT NULL,
    instance_name varchar(200) NOT NULL,
    last_checkin_time bigint NOT NULL,
    checkin_interval bigint NOT NULL,
    PRIMARY KEY (sched_name, instance_name)
);

CREATE TABLE bactrian_qrtz_locks (
    sched_name varchar(120) NOT NULL,
    lock_name varchar(40) NOT NULL,
    PRIMARY KEY (sched_name, lock_name)
);

-- No policy for anybody: only the owner, which the service connects as, sees these tables.
ALTER TABLE bactrian_qrtz_job_details ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_simple_triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_cron_triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_simprop_triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_blob_triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_calendars ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_paused_trigger_grps ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_fired_triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_scheduler_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE bactrian_qrtz_locks ENABLE ROW LEVEL SECURITY;
