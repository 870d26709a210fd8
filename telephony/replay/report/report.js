"use strict";
// Plays the lanes along one playhead. The first lane that is playing keeps the time; the others follow it.
const sheet = document.querySelector(".sheet");
const scroller = document.getElementById("scroller");
const ruler = document.querySelector(".ruler");
const main = document.getElementById("play");
const clock = document.getElementById("clock");
const seconds = Number(sheet.dataset.seconds);
const timed = [...document.querySelectorAll("[data-from]")];
const lanes = [...document.querySelectorAll(".lane")].map(row => ({
  button: row.querySelector("button"), audio: row.querySelector("audio"), on: false,
}));
const ZOOMS = [16, 24, 34, 44, 60, 84, 120];
const READABLE = 30; // pixels a second from which on captions are shown
const FAR = 4; // and below which most labels of the ruler are not
const TOGETHER = 0.06; // seconds that two lanes may be apart before the later one is put right
let at = 0;
let zoom = 44;
let chosen = lanes; // what the space bar plays: the lanes that played last

const minutes = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
const playing = () => lanes.filter(lane => lane.on);
const gutter = () => sheet.querySelector(".lane .gutter").offsetWidth;

function show() {
  sheet.style.setProperty("--now", at);
  clock.textContent = `${minutes(at)} / ${minutes(seconds)}`;
  ruler.setAttribute("aria-valuenow", at.toFixed(1));
  ruler.setAttribute("aria-valuetext", `${minutes(at)} of ${minutes(seconds)}`);
  const running = playing().length > 0;
  for (const text of timed) {
    const now = running && at >= text.dataset.from && at < text.dataset.until;
    text.classList.toggle("now", now);
  }
}

function keepInView() {
  const place = gutter() + at * zoom - scroller.scrollLeft;
  if (place > scroller.clientWidth - 40 || place < gutter()) {
    scroller.scrollLeft += place - gutter() - (scroller.clientWidth - gutter()) * 0.15;
  }
}

function seek(to) {
  at = Math.min(Math.max(to, 0), seconds);
  for (const lane of playing()) lane.audio.currentTime = at;
  show();
}

async function start(lane) {
  if (at >= seconds - 0.05) seek(0);
  const leader = playing()[0];
  lane.on = true;
  lane.button.setAttribute("aria-pressed", "true");
  lane.audio.currentTime = leader ? leader.audio.currentTime : at;
  try {
    await lane.audio.play();
    if (!lane.on) lane.audio.pause();
  } catch (error) {
    if (error.name !== "AbortError") stop(lane);
  }
}

function stop(lane) {
  lane.on = false;
  lane.audio.pause();
  lane.button.setAttribute("aria-pressed", "false");
}

function toggle(lane) {
  if (lane.button.disabled) return;
  if (lane.on) stop(lane); else start(lane);
  changed();
}

function toggleAll() {
  const running = playing();
  if (running.length) { chosen = running; running.forEach(stop); } else chosen.forEach(start);
  changed();
}

function changed() {
  const running = playing();
  if (running.length) chosen = running;
  main.setAttribute("aria-pressed", String(running.length > 0));
  show();
  if (running.length) requestAnimationFrame(frame);
}

let due = false;
function frame() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    const [leader, ...others] = playing();
    if (!leader) return;
    if (leader.audio.ended) { playing().forEach(stop); at = seconds; changed(); return; }
    if (!leader.audio.paused) at = Math.min(leader.audio.currentTime, seconds);
    for (const { audio } of others) {
      if (!audio.seeking && Math.abs(audio.currentTime - at) > TOGETHER) audio.currentTime = at;
    }
    show();
    keepInView();
    frame();
  });
}

function setZoom(wanted) {
  const middle = (scroller.scrollLeft + (scroller.clientWidth - gutter()) / 2) / zoom;
  zoom = wanted;
  sheet.style.setProperty("--pps", zoom);
  sheet.classList.toggle("overview", zoom < READABLE);
  sheet.classList.toggle("far", zoom < FAR);
  scroller.scrollLeft = middle * zoom - (scroller.clientWidth - gutter()) / 2;
}

const closer = () => setZoom(ZOOMS.find(z => z > zoom + 0.5) ?? ZOOMS.at(-1));
const wider = () => setZoom(ZOOMS.findLast(z => z < zoom - 0.5) ?? Math.min(zoom, ZOOMS[0]));
const whole = () => setZoom((scroller.clientWidth - gutter() - 40) / seconds);

lanes.forEach(lane => {
  lane.button.addEventListener("click", () => toggle(lane));
  lane.audio.addEventListener("error", () => {
    stop(lane);
    lane.button.disabled = true;
    lane.button.title = `${lane.audio.getAttribute("src")} is not beside this page`;
  });
});
main.addEventListener("click", toggleAll);
document.getElementById("in").addEventListener("click", closer);
document.getElementById("out").addEventListener("click", wider);
document.getElementById("fit").addEventListener("click", whole);
for (const button of document.querySelectorAll(".jump")) {
  button.addEventListener("click", () => { seek(Number(button.dataset.at)); keepInView(); });
}

const timeAt = event => (event.clientX - ruler.getBoundingClientRect().left) / zoom;
sheet.addEventListener("click", event => {
  if (event.target.closest(".track") && !String(getSelection())) seek(timeAt(event));
});
ruler.addEventListener("pointerdown", event => { ruler.setPointerCapture(event.pointerId); seek(timeAt(event)); });
ruler.addEventListener("pointermove", event => {
  if (ruler.hasPointerCapture(event.pointerId)) seek(timeAt(event));
});

const KEYS = {
  ArrowLeft: event => seek(at - (event.shiftKey ? 10 : 2)),
  ArrowRight: event => seek(at + (event.shiftKey ? 10 : 2)),
  Home: () => seek(0),
  End: () => seek(seconds),
  "+": closer,
  "-": wider,
};
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const lane = lanes[Number(event.key) - 1];
  const onButton = event.target.closest("button");
  if (lane) toggle(lane);
  else if (event.key === " " && !onButton) { event.preventDefault(); toggleAll(); }
  else if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](event); keepInView(); }
});
seek(Number(sheet.dataset.start) - 1); // just before the talk, which is what a reader comes for
scroller.scrollLeft = (at - 1) * zoom;
