-- What was planned before the SQL; `plan_tables.py` fills it.
CREATE TEMP TABLE plan_customer (number INTEGER, name VARCHAR, currency VARCHAR, is_internal BOOLEAN, pinned BOOLEAN);

CREATE TEMP TABLE plan_subscription (
    number INTEGER, customer INTEGER, product VARCHAR, started_on DATE, annual BOOLEAN, monthly DOUBLE,
    addon_sku VARCHAR, addon_share DOUBLE,
    ended_after INTEGER  -- months
);

-- Starts `first` months after the subscription does; the amount is in the customer's currency, for all its months.
CREATE TEMP TABLE plan_period (subscription INTEGER, first INTEGER, months INTEGER, amount DOUBLE);

CREATE TEMP TABLE plan_mrr (product VARCHAR, month_index INTEGER, mrr DOUBLE);
CREATE TEMP TABLE plan_currency (currency VARCHAR, decimals INTEGER);
CREATE TEMP TABLE plan_fx (month_index INTEGER, currency VARCHAR, rate_to_base DOUBLE);
CREATE TEMP TABLE plan_sku (product VARCHAR, sku VARCHAR);

CREATE TEMP TABLE plan_product (
    product VARCHAR, starts INTEGER, seats DOUBLE, events_per_month DOUBLE,
    redefined BOOLEAN  -- activation was defined otherwise once
);

CREATE TEMP TABLE plan_month (
    product VARCHAR, month_index INTEGER, intents INTEGER, activation DOUBLE, stickiness DOUBLE, events_factor DOUBLE,
    tickets INTEGER, slowness DOUBLE, responses INTEGER, nps DOUBLE
);

CREATE TEMP TABLE plan_onboarding (product VARCHAR, activated INTEGER, event VARCHAR, count INTEGER);
CREATE TEMP TABLE plan_comment (product VARCHAR, said VARCHAR, texts VARCHAR[]);

CREATE TEMP TABLE plan_service (
    name VARCHAR, tags VARCHAR[], component VARCHAR, products VARCHAR[], share DOUBLE, growth DOUBLE
);
CREATE TEMP TABLE plan_region (region VARCHAR, share DOUBLE);
CREATE TEMP TABLE plan_feature (driver VARCHAR, product VARCHAR, feature VARCHAR, weight DOUBLE);
