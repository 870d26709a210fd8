// What the console's pages import of other people's code: Preact, its signals, and htm in place of JSX.
import { h } from "preact";
import htm from "htm";

export { Component, Fragment, cloneElement, createContext, createRef, h, render } from "preact";
export {
  useCallback,
  useContext,
  useEffect,
  useErrorBoundary,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";
export {
  batch,
  computed,
  effect,
  signal,
  untracked,
  useComputed,
  useSignal,
  useSignalEffect,
} from "@preact/signals";

export const html = htm.bind(h);
