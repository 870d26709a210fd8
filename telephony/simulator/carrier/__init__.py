"""A telephone carrier as Twilio's documents describe it: webhooks, TwiML, REST and Media Streams, over real sockets."""
