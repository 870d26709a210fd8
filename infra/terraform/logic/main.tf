# What any cloud has to know, worked out from a few figures: addresses, names, sizes. No provider, so that it can be
# planned and tested anywhere: terraform -chdir=infra/terraform/logic test

terraform {
  required_version = ">= 1.7"
}

locals {
  public_url = "https://${lower(var.host)}"

  # A process uses one core; a call is two directions, each with a session of its own.
  processes = ceil(var.calls_at_once / var.calls_a_process)

  # Base64 within JSON takes 4 bytes for 3. To the engine: 16 kHz, 16 bits; from it: 24 kHz. A phone: 8 kHz, 8 bits.
  base64         = 4 / 3
  engine_out_bps = 2 * 16000 * 16 * local.base64
  engine_in_bps  = 2 * 24000 * 16 * local.base64
  phones_bps     = 2 * 8000 * 8 * local.base64

  name = "${var.name}-${var.environment}"
}
