//! Access points of the deployment.

use super::desired::desired;
use super::observed::{nothing, observed};
use super::table::{conflict_rows, next_rows, plan_rows};

next_rows!(access_points {
    "nobody asked":
        desired(), observed().access_point_of_others("fsap-theirs", "available")
        => [];
    "missing":
        desired().access_point("app", "/app"), observed().without_access_points()
        => ["create access point app at /app"];
    "there":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "available")
        => [];
    "being created":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "creating")
        => ["wait for access points"];
    "being deleted: its token is taken until it is gone":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "deleting")
        => ["wait for access points"];
    "listed as deleted":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "deleted")
        => ["create access point app at /app"];
    "broken for good":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "error")
        => ["failed: access point fsap-app error"];
    "one of others to the same directory is another one":
        desired().access_point("app", "/"), observed().access_point_of_others("fsap-theirs", "available")
        => ["create access point app at /"];
    "each by its name":
        desired().access_point("app", "/app").access_point("logs", "/logs"), observed().access_point_named("logs", "/logs", "available")
        => ["create access point app at /app"];
    "nobody looked yet":
        desired().access_point("app", "/app"), observed()
        => ["wait for access points"];
    "the file system is not available":
        desired().access_point("app", "/app"), observed().without_access_points().file_system_is("updating")
        => ["wait for file system"];
    "beside mount targets and settings":
        desired().access_point("app", "/app").backup(), observed().without_access_points().without_mount_target('a')
        => ["set automatic backups: on", "create mount target in eu-west-1a, subnet-a, sg-made", "create access point app at /app"];
    "throughput after them":
        desired().access_point("app", "/app").throughput("elastic"), observed().without_access_points()
        => ["create access point app at /app"];
});

plan_rows!(access_points_of_a_plan {
    "with the file system":
        desired().given_groups("sg-given").access_point("app", "/app"), nothing()
        => ["create file system", "create mount target in eu-west-1a, subnet-a, sg-given", "create access point app at /app", "tag interfaces new"];
    "without a network":
        desired().without_network().access_point("app", "/"), observed().without_access_points()
        => ["create access point app at /"];
});

conflict_rows!(access_points_cannot_be_changed {
    "the same":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "available")
        => [];
    "another directory":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/old", "available")
        => ["access_point_path: /app, but /old"];
    "two of them: each is told":
        desired().access_point("app", "/app").access_point("logs", "/logs"),
        observed().access_point_named("app", "/old", "available").access_point_named("logs", "/older", "available")
        => ["access_point_path: /app, but /old", "access_point_path: /logs, but /older"];
    "another user":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/app", "available").through_user(1000, 100)
        => ["access_point_user: that of the client, but 1000:100"];
    "created in another way":
        desired().access_point_as("app=/app:7:7:750"),
        observed().access_point_named("app", "/app", "available").through_user(7, 7).created_with(7, "0700")
        => ["access_point_creation_info: 7:7 0750, but 7:7 0700"];
    "created by the client":
        desired().access_point_as("app=/app:7:7:750"),
        observed().access_point_named("app", "/app", "available").through_user(7, 7)
        => ["access_point_creation_info: 7:7 0750, but none"];
    "created as it should be":
        desired().access_point_as("app=/app:7:7:750"),
        observed().access_point_named("app", "/app", "available").through_user(7, 7).created_with(7, "0750")
        => [];
    "on its way out it is made anew":
        desired().access_point("app", "/app"), observed().access_point_named("app", "/old", "deleting")
        => [];
});
