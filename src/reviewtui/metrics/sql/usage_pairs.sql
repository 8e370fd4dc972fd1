-- The same by product and for all products together. Reads activity.

create table user_activity as
select code, user_id, months, last_7_days, last_30_days
from activity
union all
select 0, user_id, bit_or(months), bit_or(last_7_days), bit_or(last_30_days)
from activity
group by user_id;

drop table activity;

select count(*) as pairs from user_activity;
