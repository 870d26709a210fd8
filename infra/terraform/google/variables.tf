variable "project" {
  description = "The Google Cloud project."
  type        = string
}

variable "region" {
  description = "Near the callers, and near a Twilio edge."
  type        = string
}

variable "network" {
  description = "The VPC network that the cluster and the database share, as a self link."
  type        = string
}

variable "dns_zone" {
  description = "The managed zone of the host."
  type        = string
}

variable "host" {
  description = "The host under which Twilio reaches the service."
  type        = string
}

variable "name" {
  type    = string
  default = "telephony"
}

variable "environment" {
  type    = string
  default = "production"
}

variable "namespace" {
  type    = string
  default = "default"
}

variable "calls_at_once" {
  type    = number
  default = 20
}

variable "agent_language" {
  type    = string
  default = "en"
}

variable "languages" {
  type    = list(string)
  default = ["en", "es", "fr"]
}

variable "fallback_url" {
  type    = string
  default = ""
}

variable "image_repository" {
  description = "Where the image of infra/docker was pushed."
  type        = string
}

variable "image_tag" {
  type = string
}

variable "secret_name" {
  description = "A Secret in the namespace with the variables that module.logic.secrets names."
  type        = string
}

variable "tls_secret_name" {
  description = "A TLS Secret in the namespace for the host."
  type        = string
}

variable "ingress_class" {
  type    = string
  default = "nginx"
}

variable "shared_storage_class" {
  description = "A storage class whose volumes several nodes can mount."
  type        = string
  default     = "standard-rwx"
}

variable "database_tier" {
  type    = string
  default = "db-custom-1-3840"
}
