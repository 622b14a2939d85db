//! Alarms of `CloudWatch`, as the configuration of a tool.
//!
//! Members are those of `PutMetricAlarm` (its API reference), which `AWS::CloudWatch::Alarm` shares, and of the resource
//! `aws_cloudwatch_metric_alarm` of the Terraform provider.

use serde_json::{Map, Value, json};

use super::hcl::{Body, Expression};
use crate::domain::advice::quoted;
use crate::domain::alarm::{Alarm, Measure};
use crate::domain::ids::FileSystemId;
use crate::domain::keyword::Keyword;
use crate::domain::tags;

/// The alarms of a file system.
#[derive(Debug, Clone)]
pub struct Alarms {
    /// The file system.
    pub file_system_id: FileSystemId,
    /// Its region.
    pub region: String,
    /// The alarms.
    pub alarms: Vec<Alarm>,
    /// ARNs of the topics that hear of them.
    pub topics: Vec<String>,
}

/// A form of alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmFormat {
    /// A template of `CloudFormation`.
    CloudFormation,
    /// Resources of Terraform.
    Terraform,
    /// Commands of the AWS CLI.
    Commands,
}

impl Keyword for AlarmFormat {
    const KEYWORDS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::CloudFormation,
            "cloudformation",
            "A template of CloudFormation",
        ),
        (
            Self::Terraform,
            "terraform",
            "Resources of the AWS provider",
        ),
        (
            Self::Commands,
            "commands",
            "Commands of the AWS CLI, which put them; again, nothing changes",
        ),
    ];
}

const NAMESPACE: &str = "AWS/EFS";

/// Throughput in percent of what is permitted (EFS user guide, "Using metric math").
const UTILISATION: &str = "((m1/1048576)/PERIOD(m1))*100/(m2/1048576)";

/// The metrics of it, with their statistics. The sum of what is permitted is not among the statistics that EFS lists.
const USED: [(&str, &str, &str); 2] = [
    ("m1", "MeteredIOBytes", "Sum"),
    ("m2", "PermittedThroughput", "Average"),
];

/// Alarms in that form. It ends with a line feed.
pub fn render(alarms: &Alarms, format: AlarmFormat) -> String {
    match format {
        AlarmFormat::CloudFormation => template(alarms),
        AlarmFormat::Terraform => terraform(alarms),
        AlarmFormat::Commands => commands(alarms),
    }
}

fn dimensions(of: &Alarms, others: &[(&'static str, String)]) -> Value {
    let id = ("FileSystemId", of.file_system_id.bare().to_owned());
    let all = std::iter::once(&id).chain(others);
    all.map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect()
}

/// The input of `PutMetricAlarm`.
fn input(of: &Alarms, alarm: &Alarm) -> Map<String, Value> {
    let own = json!([{ "Key": tags::MANAGED_BY, "Value": tags::MANAGER }]);
    let mut input = Map::new();
    let mut set = |name: &str, value: Value| {
        input.insert(name.to_owned(), value);
    };
    set("AlarmName", json!(alarm.name));
    set("AlarmDescription", json!(alarm.description));
    if !of.topics.is_empty() {
        set("AlarmActions", json!(of.topics));
    }
    match &alarm.measure {
        Measure::Metric {
            name,
            statistic,
            dimensions: others,
        } => {
            set("Namespace", json!(NAMESPACE));
            set("MetricName", json!(name));
            set("Statistic", json!(statistic));
            set("Dimensions", dimensions(of, others));
            set("Period", json!(alarm.period));
        }
        Measure::Utilisation => {
            let used = USED.map(|(id, name, statistic)| {
                json!({
                    "Id": id,
                    "ReturnData": false,
                    "MetricStat": {
                        "Metric": { "Namespace": NAMESPACE, "MetricName": name, "Dimensions": dimensions(of, &[]) },
                        "Period": alarm.period,
                        "Stat": statistic,
                    },
                })
            });
            let percent = json!({
                "Id": "utilisation",
                "Expression": UTILISATION,
                "Label": "Throughput utilisation (%)",
                "ReturnData": true,
            });
            set("Metrics", used.into_iter().chain([percent]).collect());
        }
    }
    set("ComparisonOperator", json!(alarm.comparison.operator()));
    set("Threshold", json!(alarm.threshold));
    set("EvaluationPeriods", json!(alarm.periods));
    set("TreatMissingData", json!(alarm.missing));
    set("Tags", own);
    input
}

fn template(of: &Alarms) -> String {
    let logical = |name: &str| -> String {
        let words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let capital = |word: &str| -> String {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        };
        words.map(capital).collect()
    };
    let resources = of.alarms.iter().map(|alarm| {
        let shape = json!({ "Type": "AWS::CloudWatch::Alarm", "Properties": input(of, alarm) });
        (logical(&alarm.name), shape)
    });
    let resources: Map<String, Value> = resources.collect();
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("Alarms of {} in {}, by efsctl", of.file_system_id.bare(), of.region),
        "Resources": resources,
    });
    format!("{template:#}\n")
}

fn commands(of: &Alarms) -> String {
    let put = |alarm: &Alarm| {
        let input = Value::Object(input(of, alarm)).to_string();
        format!(
            "aws cloudwatch put-metric-alarm --region {} --cli-input-json {}\n",
            quoted(&of.region),
            quoted(&input)
        )
    };
    of.alarms.iter().map(put).collect()
}

fn terraform(of: &Alarms) -> String {
    let mut file = Body::default();
    file.comment(format!(
        "Alarms of {} in {}, by efsctl.",
        of.file_system_id.bare(),
        of.region
    ));
    for alarm in &of.alarms {
        let name = alarm.name.replace('-', "_");
        file.gap();
        let body = resource(of, alarm);
        file.block("resource", &["aws_cloudwatch_metric_alarm", &name], body);
    }
    file.render()
}

fn resource(of: &Alarms, alarm: &Alarm) -> Body {
    let text = |text: &str| Expression::text(text);
    let object = |others: &[(&'static str, String)]| {
        let id = ("FileSystemId", of.file_system_id.bare().to_owned());
        let all = std::iter::once(&id).chain(others);
        let member = |(name, value): &(&str, String)| ((*name).to_owned(), text(value));
        Expression::Object(all.map(member).collect())
    };
    let mut body = Body::default();
    body.set("alarm_name", text(&alarm.name));
    body.set("alarm_description", text(&alarm.description));
    if !of.topics.is_empty() {
        let topics = of.topics.iter().map(|topic| text(topic)).collect();
        body.set("alarm_actions", Expression::List(topics));
    }
    let mut queries = Vec::new();
    match &alarm.measure {
        Measure::Metric {
            name,
            statistic,
            dimensions,
        } => {
            body.set("namespace", text(NAMESPACE));
            body.set("metric_name", text(name));
            body.set("statistic", text(statistic));
            body.set("dimensions", object(dimensions));
            body.set("period", Expression::number(&alarm.period));
        }
        Measure::Utilisation => {
            for (id, name, statistic) in USED {
                let mut metric = Body::default();
                metric.set("namespace", text(NAMESPACE));
                metric.set("metric_name", text(name));
                metric.set("dimensions", object(&[]));
                metric.set("period", Expression::number(&alarm.period));
                metric.set("stat", text(statistic));
                let mut query = Body::default();
                query.set("id", text(id));
                query.gap();
                query.block("metric", &[], metric);
                queries.push(query);
            }
            let mut query = Body::default();
            query.set("id", text("utilisation"));
            query.set("expression", text(UTILISATION));
            query.set("label", text("Throughput utilisation (%)"));
            query.set("return_data", Expression::Bool(true));
            queries.push(query);
        }
    }
    body.set("comparison_operator", text(alarm.comparison.operator()));
    body.set("threshold", Expression::number(&alarm.threshold));
    body.set("evaluation_periods", Expression::number(&alarm.periods));
    body.set("treat_missing_data", text(alarm.missing));
    let own = vec![(tags::MANAGED_BY.to_owned(), text(tags::MANAGER))];
    body.set("tags", Expression::Object(own));
    for query in queries {
        body.gap();
        body.block("metric_query", &[], query);
    }
    body
}
