output "webhooks" {
  description = "What the Twilio number is pointed at."
  value       = module.logic.webhooks
}

output "address" {
  description = "For the load balancer of the ingress controller."
  value       = google_compute_global_address.public.address
}

output "database_host" {
  description = "For TELEPHONY_DATABASE_URL in the Secret."
  value       = google_sql_database_instance.store.private_ip_address
}

output "size" {
  value = module.logic.size
}
