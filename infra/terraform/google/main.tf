# The service on a GKE cluster that exists: an address and its name, a database, and the chart of infra/helm.
# What can be worked out without a cloud is in ../logic.

terraform {
  required_version = ">= 1.7"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
    helm = {
      source  = "hashicorp/helm"
      version = "~> 3.0"
    }
  }
}

module "logic" {
  source = "../logic"

  name           = var.name
  environment    = var.environment
  host           = var.host
  fallback_url   = var.fallback_url
  calls_at_once  = var.calls_at_once
  agent_language = var.agent_language
  languages      = var.languages
}

resource "google_compute_global_address" "public" {
  project = var.project
  name    = module.logic.name
}

resource "google_dns_record_set" "public" {
  project      = var.project
  managed_zone = var.dns_zone
  name         = "${lower(var.host)}."
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_global_address.public.address]
}

resource "google_sql_database_instance" "store" {
  project             = var.project
  region              = var.region
  name                = module.logic.name
  database_version    = "POSTGRES_17"
  deletion_protection = true

  settings {
    tier              = var.database_tier
    edition           = "ENTERPRISE"
    availability_type = "REGIONAL"

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }
  }
}

resource "google_sql_database" "store" {
  project  = var.project
  instance = google_sql_database_instance.store.name
  name     = "telephony"
}

resource "helm_release" "telephony" {
  name      = module.logic.name
  namespace = var.namespace
  chart     = "${path.module}/../../helm/telephony"
  # A roll-out waits for the new pod, not for the calls of the old one.
  timeout = 600

  values = [yamlencode({
    image         = { repository = var.image_repository, tag = var.image_tag }
    replicaCount  = module.logic.size.processes
    publicUrl     = module.logic.public_url
    agentLanguage = var.agent_language
    languages     = join(",", var.languages)
    drainSeconds  = module.logic.size.stop_after_s - 100
    settings = {
      for name in ["TELEPHONY_CALLS_AT_ONCE", "TELEPHONY_MINUTE_PRICE", "TELEPHONY_FALLBACK_URL"] :
      name => module.logic.settings[name] if contains(keys(module.logic.settings), name)
    }
    secrets     = { existingSecret = var.secret_name }
    persistence = { storageClassName = var.shared_storage_class }
    ingress = {
      enabled       = true
      className     = var.ingress_class
      tlsSecretName = var.tls_secret_name
    }
  })]

  depends_on = [google_sql_database.store]
}
