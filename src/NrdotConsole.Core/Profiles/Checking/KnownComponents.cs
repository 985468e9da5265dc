namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Component types of the current distributions: OpenTelemetry's core, contrib and k8s (0.159) and New Relic's NRDOT (2.3), from their
/// manifests. Types are kept without underscores, for old and new spellings differ in them alone (<c>hostmetrics</c>, <c>host_metrics</c>).
/// </summary>
public static class KnownComponents
{
    static readonly Dictionary<string, HashSet<string>> s_types = new()
    {
        ["receivers"] = Set("""
            activedirectoryds aerospike apache apachespark awscloudwatch awscontainerinsightreceiver awsecscontainermetrics
            awsfirehose awslambda awss3 awsxray azureblob azureeventhub azuremonitor carbon chrony ciscoos cloudflare cloudfoundry
            collectd couchdb datadog dockerstats elasticsearch envoyals expvar faro filelog filestats flinkmetrics fluentforward
            github gitlab googlecloudmonitoring googlecloudpubsub googlecloudspanner haproxy hostmetrics httpcheck icmpcheck iis
            influxdb jaeger journald k8scluster k8sevents k8sobjects kafka kafkametrics kubeletstats libhoney loki
            macosunifiedlogging memcached mongodb mongodbatlas mysql namedpipe netflow nginx nop nrmysql nroracledb nrpostgresql
            nrsqlserver nsxt ntp obi oracledb otelarrow otlp otlpjsonfile podmanstats postgresql pprof prometheus
            prometheusremotewrite prometheussimple pulsar purefa purefb rabbitmq receivercreator redis riak saphana skywalking snmp
            snowflake solace splunkenterprise splunkhec sqlquery sqlserver sshcheck statsd stef syslog systemd tcpcheck tcplog
            tlscheck udplog vcenter wavefront webhookevent windowseventlog windowsperfcounters windowsservice yanggrpc zipkin
            zookeeper
            """),
        ["processors"] = Set("""
            adaptivetelemetry adaptivetelemetryprocessor attributes batch cardinalityguardian coralogix cumulativetodelta
            deltatocumulative deltatorate drain filter genainormalizer geoip groupbyattrs groupbytrace interval isolationforest
            k8sattributes logdedup memorylimiter metricsgeneration metricstarttime metricstransform probabilisticsampler redaction
            remotetap resource resourcedetection schema span sumologic tailsampling transform unroll
            """),
        ["exporters"] = Set("""
            alibabacloudlogservice awscloudwatchlogs awsemf awskinesis awss3 awsxray azureblob azuredataexplorer azuremonitor
            bmchelix cassandra clickhouse coralogix datadog dataset debug doris elasticsearch faro file googlecloud
            googlecloudpubsub googlecloudstorage googlemanagedprometheus honeycombmarker influxdb kafka loadbalancing logicmonitor
            logzio mezmo nop opensearch otelarrow otlp otlpgrpc otlphttp prometheus prometheusremotewrite pulsar rabbitmq sentry
            signalfx splunkhec stef sumologic syslog tencentcloudlogservice tinybird zipkin
            """),
        ["connectors"] = Set("""
            count datadog exceptions failover forward grafanacloud otlpjson roundrobin routing servicegraph signaltometrics
            spanmetrics sum
            """),
        ["extensions"] = Set("""
            ack asapclient awscloudwatchmetricstreamsencoding awsiamdbauth awslogsencoding awsproxy azureauth azureencoding
            basicauth bearertokenauth cgroupruntime datadog dbstorage dockerobserver ecsobserver filestorage googleclientauth
            googlecloudlogentryencoding headerssetter healthcheck healthcheckv2 hostobserver httpforwarder jaegerencoding
            jaegerremotesampling jsonlogencoding k8sleaderelector k8sobserver memorylimiter oauth2client oidc opamp otlpencoding
            pebbletailstorage pprof redisstorage sigv4auth skywalkingencoding sumologic textencoding zipkinencoding zpages
            """),
    };

    /// <summary>Gone from the collector, with what to use in their stead.</summary>
    static readonly Dictionary<(string, string), string> s_removed = new()
    {
        [("processors", "routing")] = "Use the routing connector: connectors: {routing: …}.",
        [("exporters", "logging")] = "Use the debug exporter.",
        [("extensions", "memoryballast")] = "Remove it, and set GOMEMLIMIT.",
        [("exporters", "jaeger")] = "Use an otlp_grpc or otlp_http exporter.",
        [("exporters", "newrelic")] = "Use an otlp_http exporter to otlp.nr-data.net.",
        [("processors", "spanmetrics")] = "Use the spanmetrics connector.",
        [("processors", "servicegraph")] = "Use the servicegraph connector.",
        [("receivers", "jmx")] = "Use the jmx scraper beside the collector.",
    };

    public static readonly IReadOnlyList<string> Sections = ["receivers", "processors", "exporters", "connectors", "extensions"];

    public static bool IsKnown(string section, string type) => s_types[section].Contains(Squash(type));

    public static string? MendOf(string section, string type) => s_removed.GetValueOrDefault((section, Squash(type)));

    /// <summary>The known type with the nearest spelling, within two letters; null where none is near.</summary>
    public static string? Nearest(string section, string type) => s_types[section]
        .Select(known => (Known: known, Distance: EditDistance.Of(known, Squash(type)))).Where(n => n.Distance <= 2)
        .OrderBy(n => n.Distance).ThenBy(n => n.Known, StringComparer.Ordinal).Select(n => n.Known).FirstOrDefault();

    /// <summary>The id that stands for this and its aliases: <c>hostmetrics/a</c> and <c>host_metrics/a</c> have one.</summary>
    public static string Canonical(string section, string id)
    {
        var parts = id.Split('/', 2);
        var type = (section, Squash(parts[0])) switch
        {
            ("exporters", "otlpgrpc") => "otlp",
            ("processors", "adaptivetelemetryprocessor") => "adaptivetelemetry",
            (_, var squashed) => squashed,
        };
        return parts.Length == 2 ? $"{type}/{parts[1]}" : type;
    }

    internal static string Squash(string type) => type.Replace("_", "", StringComparison.Ordinal);

    static HashSet<string> Set(string names) => [.. names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
