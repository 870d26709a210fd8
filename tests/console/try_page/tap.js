// A test's ear on the page's loudspeaker: keeps every sample that passes and posts them by the thousand.
class Tap extends AudioWorkletProcessor {
  process([input], [output]) {
    if (input[0]) {
      output[0].set(input[0]);
      this.port.postMessage(input[0].slice());
    }
    return true;
  }
}

registerProcessor("tap", Tap);
