import { words } from './family';

/** Repositories of dhi.io of which no runtime definition lists a shell or package manager (outside of -compat). */
export const SHELL_FREE_REPOSITORIES = words(`
  access-log-exporter adc airflow airflow-pgbouncer-exporter alertmanager alloy amazon-eks-pod-identity-webhook
  amazon-k8s-cni amazon-k8s-cni-init amazoncorretto apigee-microgateway apisix-ingress-controller argo-events
  argo-rollouts argo-workflow-controller argocd-image-updater argocli argoexec aspnetcore aws-ebs-csi-driver
  aws-efs-csi-driver aws-eks-pod-identity-agent aws-load-balancer-controller aws-mountpoint-s3-csi-driver
  aws-network-policy-agent aws-node-termination-handler aws-privateca-issuer aws-sigv4-proxy awscli azul azure-cli
  azure-keyvault-controller azure-metrics-exporter azure-service-operator beat-exporter beyla blackbox-exporter
  brave-search-mcp buildkit buildkite-mcp bun caddy calico-apiserver calico-cni calico-csi calico-ctl
  calico-goldmane calico-kube-controllers calico-node-driver-registrar calico-typha calico-webhooks
  calico-whisker-backend cass-config-builder cassandra-reaper cdi-apiserver cdi-controller cdi-importer cdi-operator
  cdi-uploadproxy cdi-uploadserver ceph-csi-operator cephcsi cert-exporter cert-manager-acmesolver
  cert-manager-cainjector cert-manager-controller cert-manager-istio-csr cert-manager-startupapicheck
  cert-manager-webhook certbot chartmuseum cilium-certgen cilium-clustermesh-apiserver cilium-dnsproxy cilium-envoy
  cilium-operator cilium-operator-aws cilium-operator-azure cilium-operator-generic clickhouse-keeper
  clickhouse-metrics-exporter clickhouse-operator cloud-controller-manager cloudnative-pg
  cloudnative-pg-plugin-barman-cloud cloudnative-pg-plugin-barman-cloud-sidecar configmap-reload
  configurable-http-proxy connaisseur context7-mcp contour coredns cosign couchbase-mcp crane crossplane
  csi-addons-k8s-sidecar csi-attacher csi-external-health-monitor-controller csi-hostpath-plugin
  csi-node-driver-registrar csi-provisioner csi-resizer csi-snapshotter curl dapr-daprd dapr-injector dapr-operator
  dapr-placement dapr-scheduler dapr-sentry datadog-cluster-agent datadog-operator datahub-ingestion dcgm-exporter
  delve deno descheduler dex distribution-registry docker docker-dind drbd-reactor drbd-utils eck-operator
  eclipse-mosquitto eclipse-temurin elixir emissary envoy envoy-gateway envoy-ratelimit etcd external-dns
  external-secrets falco fetch-mcp filebeat filesystem-mcp firecrawl-mcp fleetconfig-controller flux-cli
  fluxcd-helm-controller fluxcd-image-automation-controller fluxcd-image-reflector-controller
  fluxcd-notification-controller fluxcd-source-controller fluxcd-source-watcher gatekeeper gatekeeper-crds
  gha-runner-scale-set-controller git git-mcp github-mcp gitlab-container-registry gitlab-pages go-jsonnet
  goldilocks grafana grafana-image-renderer grafana-mcp grafana-operator grafana-rollout-operator grype haproxy
  harbor-core harbor-exporter harbor-jobservice harbor-portal harbor-redis harbor-registry harbor-registryctl
  harbor-trivy-adapter helm http-echo httpbin hub-mcp hubble-proto hubble-relay hubble-ui hubble-ui-backend
  hyperledger-fabric-ca hyperledger-fabric-orderer hyperledger-fabric-peer hyperledger-fabric-tools
  istio-install-cni istio-pilot istio-proxyv2 istioctl jaeger-ingester jaeger-query jmx-exporter jupyterhub
  jupyterhub-k8s-hub k6 k6-operator k8s-device-plugin k8s-dns-node-cache k8s-ingress-default-backend
  k8ssandra-cass-operator k8ssandra-client k8ssandra-operator k8ssandra-system-logger kafka-exporter kapacitor karma
  karpenter keda keda-admission-webhooks keda-metrics-apiserver knative-activator knative-autoscaler
  knative-controller knative-webhook kserve-agent kserve-controller kserve-localmodel-controller
  kserve-localmodelnode-agent kserve-router kserve-storage-initializer ktls-utils kube-apiserver
  kube-controller-manager kube-mgmt kube-proxy kube-rbac-proxy kube-scheduler kube-state-metrics kube-vip
  kube-webhook-certgen kubectl kubectl-argo-rollouts kubeflow-pipelines-apiserver kubeflow-pipelines-frontend
  kubeflow-pipelines-metadata-writer kubernetes-autoscaler-addon-resizer kubernetes-cluster-autoscaler
  kubernetes-pause kubescape-cli kured kyverno kyverno-background-controller kyverno-cleanup-controller kyverno-cli
  kyverno-init kyverno-policy-reporter kyverno-policy-reporter-ui kyverno-readiness-checker
  kyverno-reports-controller kyverno-reports-server linstor-affinity-controller linstor-gui livenessprobe
  local-path-provisioner loki loki-canary loki-helm-test mapbox-mcp meilisearch memcached memcached-exporter
  memory-mcp metallb-controller metallb-speaker metrics-server mlflow mongodb mongodb-exporter mongodb-kubernetes
  mongodb-mcp multus-cni multus-dynamic-networks-controller mysqld-exporter nats nats-box
  nats-server-config-reloader natscli nessie netdata-agent-sd nginx-exporter node node-exporter
  node-feature-discovery notation notion-mcp nvflare nvidia-cuda oathkeeper oauth2-proxy objectstorage-sidecar
  open-cluster-management-addon-manager open-cluster-management-placement open-cluster-management-registration
  open-cluster-management-work open-policy-agent openbao opencost openebs-lvm-driver openfga openscap
  opentelemetry-autoinstrumentation-go opentelemetry-collector opentelemetry-operator opentelemetry-target-allocator
  oras percona-xtrabackup perl perplexity-mcp pgbouncer pgbouncer-exporter php pinniped-cli piraeus-csi
  piraeus-ha-controller piraeus-operator polaris postgres-exporter postman-mcp prometheus prometheus-adapter
  prometheus-config-reloader prometheus-nats-exporter prometheus-operator prometheus-operator-admission-webhook
  prometheus-statsd-exporter pushgateway pyroscope python pytorch qdrant redis redis-exporter redis-mcp regctl
  registration-operator rook-ceph ruby scout-cli scout-sbom-indexer scrapegraph-mcp sealed-secrets-controller
  sealed-secrets-kubeseal seaweedfs seaweedfs-cosi-driver secrets-store-csi-driver shellcheck smartbear-mcp
  snapshot-controller snyk socat spark-kubernetes-operator spicedb spicedb-operator spiffe-csi-driver spiffe-helper
  spire-agent spire-server stackhawk-mcp stakater-reloader static stunnel syft tailscale tailscale-operator telegraf
  tempo tempo-query tensorflow-serving terraform thanos tigera-operator time-mcp tkn traefik trivy trivy-operator
  trufflehog trust-manager trust-manager-package unleash uptime-kuma uv valkey-operator vault-csi-provider vault-k8s
  vector velero velero-plugin-for-aws velero-plugin-for-gcp velero-plugin-for-microsoft-azure versitygw
  victoriametrics-vmagent victoriametrics-vmalert victoriametrics-vmauth victoriametrics-vminsert
  victoriametrics-vmselect victoriametrics-vmstorage virt-api virt-controller virt-exportproxy virt-exportserver
  virt-handler virt-operator vpa-admission-controller vpa-recommender vpa-updater wiremock wiremock-gui
  x509-certificate-exporter yet-another-cloudwatch-exporter zot zscaler-mcp ztunnel`);

/** Repositories of dhi.io of which every runtime definition lists a shell. */
export const SHELL_REPOSITORIES = words(`
  activemq-artemis alpine-base apisix argocd azure-functions-node azure-functions-python bash bats busybox
  calico-node calico-pod2daemon-flexvol calico-whisker cassandra cdi-cloner ceph cilium cilium-startup-script clamav
  clickhouse-server clojure cloud-sdk couchdb dart data-prepper datahub-actions datahub-frontend-react datahub-gms
  datahub-mae-consumer datahub-mce-consumer datahub-upgrade datascience-notebook debian-base drbd-shutdown-guard
  drbd9 druid elasticsearch flink-kubernetes-operator fluent-bit fluentd fluentd-kubernetes-daemonset
  fluxcd-kustomize-controller flyway frr git-sync gitea gitlab-runner gitlab-runner-helper gitlab-shell
  gitlab-webservice gitlab-workhorse gitleaks golang grist harbor-db hatchet-lite homepage httpd
  hubble-export-stdout jenkins jenkins-agent jenkins-inbound-agent jruby k8ssandra-medusa kafka keycloak kibana
  klipper-helm klipper-lb kong kustomize langfuse langfuse-worker liquibase litellm litellm-database localstack
  logstash mariadb mediawiki mysql mysql-operator neo4j netbox netdata nginx-ingress nifi node-collector
  node-problem-detector nvidia-gpu-operator opencost-ui openmetadata openresty opensearch opensearch-dashboards
  patroni pgvector piraeus-csi-nfs-server piraeus-server playwright postgres r-base rabbitmq rundeck rust s3proxy
  selenium-hub selenium-node-chromium solr sonarqube spark stargate strimzi-kafka strimzi-kafka-bridge
  strimzi-operator superset temporalio-admin-tools temporalio-server temporalio-ui tomcat trigger-dev trino valkey
  varnish virt-launcher wait-for-it wbitt-network-multitool wordpress zookeeper`);

/** Repositories of dhi.io that come as -dev only. */
export const BUILDER_REPOSITORIES = words('build composer gradle maven miniconda3 sbx-templates');
