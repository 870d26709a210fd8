// Signing in; at /first, by a link that works once, making the first admin; at /enter by a link instead of a password.

import { ask, why } from "./asking.js";
import { html, render, signal, useRef } from "./vendor.js";

const first = location.pathname === "/first";
const secret = location.hash.slice(1);
const trouble = signal("");
const asking = signal(false);

/** The secret is out of the address as soon as it is read. */
if (secret) history.replaceState(null, "", location.pathname);

function Field({ id, label, hint, ...input }) {
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} name=${id} required aria-describedby=${hint ? `${id}-hint` : undefined} ...${input} />
      ${hint && html`<span id=${`${id}-hint`} class="muted small">${hint}</span>`}
    </div>
  `;
}

async function send(form) {
  const given = Object.fromEntries(new FormData(form));
  if (first && given.password !== given.again) {
    trouble.value = "The two passwords are not the same.";
    return;
  }
  asking.value = true;
  const { name, password } = given;
  settle(await (first ? ask("/first", { secret, name, password }) : ask("/login", { name, password })));
}

function settle(answer) {
  asking.value = false;
  trouble.value = answer.ok ? "" : why(answer);
  if (answer.ok) location.replace("/");
}

function Login() {
  const box = useRef(null);
  const submit = async (event) => {
    event.preventDefault();
    trouble.value = "";
    await send(event.currentTarget);
    if (trouble.value) box.current?.focus();
  };
  return html`
    <header class="bar"><a class="brand" href="/">telephony</a></header>
    <main class="page narrow">
      <h1>${first ? "Make the first admin" : "Sign in"}</h1>
      ${first && html`<p class="muted">This link works once. Others are made by: telephony user add</p>`}
      <div role="alert" tabindex="-1" ref=${box}>
        ${trouble.value && html`<p class="notice" data-state="bad">${trouble.value}</p>`}
      </div>
      <form class="card" method="post" onSubmit=${submit}>
        <${Field} id="name" label="Name" type="text" autocomplete="username" autocapitalize="none" maxlength="64" />
        <${Field}
          id="password"
          label="Password"
          type="password"
          autocomplete=${first ? "new-password" : "current-password"}
          minlength=${first ? 12 : undefined}
          maxlength="512"
          hint=${first ? "12 letters or more" : ""}
        />
        ${
          first &&
          html`<${Field} id="again" label="Password, again" type="password" autocomplete="new-password" maxlength="512" />`
        }
        <button class="button primary" disabled=${asking.value}>${first ? "Make the admin" : "Sign in"}</button>
      </form>
    </main>
  `;
}

if (location.pathname === "/enter" && secret) ask("/enter", { ticket: secret }).then(settle);
render(html`<${Login} />`, document.getElementById("page"));
