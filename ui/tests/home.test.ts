// 工作台: what waits is seen although the half-year could not be counted, and counting can be tried again.
import { fireEvent, render, screen } from "@testing-library/vue";
import { createMemoryHistory, createRouter } from "vue-router";
import { expect, it } from "vitest";
import HomePage from "../src/home/HomePage.vue";
import { i18n } from "../src/i18n";
import { setTransport } from "../src/ipc";

it("says that the half-year was not counted, and counts it when asked again", async () => {
  let fails = true;
  let answerHome: () => void = () => undefined;
  let home = Promise.resolve();
  const answers: Record<string, () => unknown> = {
    home: () => home.then(() => ({ today: "2026-06-30", period: "2026H1", tasks: [] })),
    home_progress: () => {
      if (fails) throw { code: "storage", message: "读不出台账" };
      return [{ key: "visits.households", label: "走访农户", text: "12户" }];
    },
  };
  setTransport({
    call: (command) => {
      const answer = answers[command];
      return new Promise((told) => told(answer ? answer() : null));
    },
  });
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: "/:all(.*)*", component: HomePage }],
  });
  render(HomePage, { global: { plugins: [i18n, router], stubs: ["QuickLine", "TakenOver", "FirstSteps"] } });
  expect((await screen.findByTestId("progress-missing")).textContent).toContain("没有统计出来");
  expect(screen.getByRole("alert").textContent).toContain("读不出台账");
  fails = false;
  home = new Promise((told) => (answerHome = told));
  await fireEvent.click(screen.getByText("再试一次"));
  expect(screen.getByTestId("progress-counting").textContent).toContain("正在统计");
  answerHome();
  expect((await screen.findByTestId("progress-visits.households")).textContent).toContain("12户");
  expect(screen.queryByTestId("progress-missing")).toBeNull();
  expect(screen.queryByRole("alert")).toBeNull();
});
