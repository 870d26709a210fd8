variables {
  host = "Interpreter.Example.com"
}

run "addresses_are_https_and_have_no_path_but_their_own" {
  command = plan

  assert {
    condition     = output.public_url == "https://interpreter.example.com"
    error_message = "the public address is ${output.public_url}"
  }
  assert {
    condition     = output.webhooks.voice == "https://interpreter.example.com/twilio/voice"
    error_message = "the voice webhook is ${output.webhooks.voice}"
  }
  assert {
    condition     = output.media_host == "wss://interpreter.example.com"
    error_message = "media streams go to ${output.media_host}"
  }
  assert {
    condition     = !contains(keys(output.settings), "TELEPHONY_FALLBACK_URL")
    error_message = "a fallback that is not there is set"
  }
}

run "names_have_the_environment" {
  command = plan

  variables {
    environment = "staging"
  }

  assert {
    condition     = output.name == "telephony-staging"
    error_message = "the name is ${output.name}"
  }
}

run "a_small_house_is_one_process" {
  command = plan

  assert {
    condition     = output.size.processes == 1 && output.size.cores == 2 && output.size.sessions == 40
    error_message = "20 calls take ${output.size.processes} processes on ${output.size.cores} cores"
  }
  assert {
    condition     = output.settings.TELEPHONY_CALLS_AT_ONCE == "20"
    error_message = "the limit is ${output.settings.TELEPHONY_CALLS_AT_ONCE}"
  }
  assert {
    condition     = output.size.megabit_out == 18 && output.size.megabit_in == 24
    error_message = "20 calls take ${output.size.megabit_out} Mbit/s out and ${output.size.megabit_in} in"
  }
}

run "a_large_house_shares_its_calls_evenly" {
  command = plan

  variables {
    calls_at_once = 51
  }

  assert {
    condition     = output.size.processes == 3 && output.settings.TELEPHONY_CALLS_AT_ONCE == "17"
    error_message = "51 calls: ${output.size.processes} processes of ${output.settings.TELEPHONY_CALLS_AT_ONCE}"
  }
  assert {
    condition     = output.size.memory_mib == 1944
    error_message = "51 calls take ${output.size.memory_mib} MiB"
  }
}

run "a_stop_waits_longer_than_the_calls" {
  command = plan

  variables {
    drain_seconds = 7200
  }

  assert {
    condition     = output.size.stop_after_s > 7200 && output.settings.TELEPHONY_DRAIN_SECONDS == "7200"
    error_message = "a stop waits ${output.size.stop_after_s} s"
  }
}

run "a_fallback_is_told_to_both" {
  command = plan

  variables {
    fallback_url = "https://handler.example.com/twiml/EH1"
  }

  assert {
    condition     = output.webhooks.fallback == output.settings.TELEPHONY_FALLBACK_URL
    error_message = "the number and the service have different fallbacks"
  }
}

run "a_full_day_is_priced" {
  command = plan

  assert {
    condition     = abs(output.size.price_of_full_day - 2116.8) < 0.01
    error_message = "a full day costs ${output.size.price_of_full_day}"
  }
}

run "no_secret_is_among_the_settings" {
  command = plan

  assert {
    condition     = length(setintersection(toset(output.secrets), toset(keys(output.settings)))) == 0
    error_message = "a secret is among the settings"
  }
}

run "an_address_is_no_host" {
  command = plan
  variables {
    host = "https://interpreter.example.com/voice"
  }
  expect_failures = [var.host]
}

run "a_host_has_a_domain" {
  command = plan
  variables {
    host = "localhost"
  }
  expect_failures = [var.host]
}

run "part_of_a_call_is_none" {
  command = plan
  variables {
    calls_at_once = 2.5
  }
  expect_failures = [var.calls_at_once]
}

run "ten_languages_have_no_keys" {
  command = plan
  variables {
    languages = ["en", "es", "fr", "de", "it", "pt", "pl", "uk", "ru", "tr"]
  }
  expect_failures = [var.languages]
}

run "a_fallback_is_over_tls" {
  command = plan
  variables {
    fallback_url = "http://handler.example.com/twiml/EH1"
  }
  expect_failures = [var.fallback_url]
}

run "a_name_fits_into_a_host_name" {
  command = plan
  variables {
    name = "Front_Desk"
  }
  expect_failures = [var.name]
}
