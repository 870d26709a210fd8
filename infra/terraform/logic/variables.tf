variable "name" {
  description = "What everything is called, with the environment after it."
  type        = string
  default     = "telephony"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}[a-z0-9]$", var.name))
    error_message = "Give 3 to 22 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "environment" {
  description = "Which of several installations."
  type        = string
  default     = "production"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.environment))
    error_message = "Give 2 to 16 lower-case letters and digits, a letter first."
  }
}

variable "host" {
  description = "The host under which Twilio reaches the service, over TLS."
  type        = string

  validation {
    condition     = can(regex("^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]{2,}$", var.host))
    error_message = "Give a host name such as interpreter.example.com: no scheme, no port, no path."
  }
}

variable "fallback_url" {
  description = "The static TwiML of infra/twilio/fallback.xml, hosted elsewhere; nothing for none."
  type        = string
  default     = ""

  validation {
    condition     = var.fallback_url == "" || can(regex("^https://[^/]+/.+$", var.fallback_url))
    error_message = "Give an https address with a path, or nothing."
  }
}

variable "calls_at_once" {
  description = "Calls that are carried at once; further ones are turned away."
  type        = number
  default     = 20

  validation {
    condition     = var.calls_at_once >= 1 && floor(var.calls_at_once) == var.calls_at_once
    error_message = "Give a whole number of calls, 1 or more."
  }
}

variable "calls_a_process" {
  description = "Calls that one process may carry; measure it on the machine that is meant."
  type        = number
  default     = 25

  validation {
    condition     = var.calls_a_process >= 1 && floor(var.calls_a_process) == var.calls_a_process
    error_message = "Give a whole number of calls, 1 or more."
  }
}

variable "drain_seconds" {
  description = "For how long calls may go on when the service is told to stop."
  type        = number
  default     = 3600

  validation {
    condition     = var.drain_seconds >= 0
    error_message = "Give seconds, 0 or more."
  }
}

variable "agent_language" {
  description = "The code of the language the agents speak."
  type        = string
  default     = "en"
}

variable "languages" {
  description = "What the menu offers, key 1 first."
  type        = list(string)
  default     = ["en", "es", "fr"]

  validation {
    condition     = length(var.languages) >= 1 && length(var.languages) <= 9
    error_message = "Give 1 to 9 languages: one key chooses one."
  }
}

variable "minute_price" {
  description = "Price of a minute of one session; Google's list price if somebody speaks all the time."
  type        = number
  default     = 0.03675
}
