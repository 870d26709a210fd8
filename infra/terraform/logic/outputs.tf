output "name" {
  description = "For whatever has to be called something."
  value       = local.name
}

output "public_url" {
  value = local.public_url
}

output "webhooks" {
  description = "What the Twilio number is pointed at (telephony doctor --fix does it)."
  value = {
    voice    = "${local.public_url}/twilio/voice"
    status   = "${local.public_url}/twilio/status"
    fallback = var.fallback_url
  }
}

output "media_host" {
  description = "Where media streams are opened; whatever stands before the service must pass websockets on."
  value       = "wss://${lower(var.host)}"
}

output "probes" {
  value = {
    live  = "/livez"
    ready = "/readyz"
  }
}

output "settings" {
  description = "Variables of the service that are no secret."
  value = merge(
    {
      TELEPHONY_PUBLIC_URL     = local.public_url
      TELEPHONY_AGENT_LANGUAGE = var.agent_language
      TELEPHONY_LANGUAGES      = join(",", var.languages)
      TELEPHONY_CALLS_AT_ONCE  = tostring(ceil(var.calls_at_once / local.processes))
      TELEPHONY_DRAIN_SECONDS  = tostring(var.drain_seconds)
      TELEPHONY_MINUTE_PRICE   = tostring(var.minute_price)
    },
    var.fallback_url == "" ? {} : { TELEPHONY_FALLBACK_URL = var.fallback_url }
  )
}

output "secrets" {
  description = "Variables that come from wherever secrets are kept."
  value = [
    "GOOGLE_API_KEY",
    "TELEPHONY_AGENTS",
    "TELEPHONY_DATABASE_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_PHONE_NUMBER",
  ]
}

output "size" {
  description = "Of all processes together. `cores` has one to spare for the database's client, the proxy and the system."
  value = {
    processes         = local.processes
    cores             = local.processes + 1
    memory_mib        = local.processes * 512 + var.calls_at_once * 8
    megabit_out       = ceil(var.calls_at_once * (local.engine_out_bps + local.phones_bps) / 1e6)
    megabit_in        = ceil(var.calls_at_once * (local.engine_in_bps + local.phones_bps) / 1e6)
    sessions          = var.calls_at_once * 2
    stop_after_s      = var.drain_seconds + 100
    price_of_full_day = var.calls_at_once * 2 * 24 * 60 * var.minute_price
  }
}
