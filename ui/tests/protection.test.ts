// A ledger is encrypted, or plain again: where the disk has not confirmed it, that is said until it is put away.
import { cleanup, fireEvent, render, screen } from "@testing-library/vue";
import { ElMessage } from "element-plus";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { i18n, t } from "../src/i18n";
import { setTransport } from "../src/ipc";
import EncryptCard from "../src/protection/EncryptCard.vue";
import KeyCards from "../src/protection/KeyCards.vue";

const PASSPHRASE = "木桶里有三只蓝色的猫";
const LEDGER = { path: "/石门村.zcj", name: "石门村", encrypted: true };
let isConfirmed = true;

beforeEach(() => {
  isConfirmed = true;
  setTransport({
    call: (command) => {
      const made = { ledger: LEDGER, recovery_key: "23456", plain_backups: 0, is_confirmed: isConfirmed };
      return Promise.resolve(command === "ledger_encrypt" || command === "ledger_decrypt" ? made : null);
    },
  });
});
afterEach(() => {
  cleanup();
  ElMessage.closeAll();
  document.body.innerHTML = "";
});

const settled = () => new Promise((next) => setTimeout(next, 20));
const warnings = () => [...document.querySelectorAll(".el-message--warning")].map((shown) => shown.textContent?.trim());

async function type(name: string, text: string): Promise<void> {
  await fireEvent.update(document.querySelector<HTMLInputElement>(`[data-testid="${name}"]`) as HTMLInputElement, text);
}

async function encrypt() {
  const page = render(EncryptCard, { global: { plugins: [i18n] } });
  await type("encrypt-1", PASSPHRASE);
  await type("encrypt-2", PASSPHRASE);
  await fireEvent.click(screen.getByTestId("encrypt-now"));
  await settled();
  return page;
}

async function decrypt() {
  render(KeyCards, { global: { plugins: [i18n] } });
  await type("known-passphrase", PASSPHRASE);
  await fireEvent.click(screen.getByTestId("decrypt"));
  await settled();
  const sure = document.querySelector<HTMLElement>(".el-message-box__btns .el-button--primary");
  await fireEvent.click(sure as HTMLElement);
  await settled();
}

describe("the disk has not confirmed", () => {
  it("that the ledger is encrypted: it is said, and the recovery key is told all the same", async () => {
    isConfirmed = false;
    const page = await encrypt();
    expect(warnings()).toEqual([t("protection.unconfirmed")]);
    expect(page.emitted("encrypted")).toEqual([["23456"]]);
  });

  it("that it is plain again: it is said", async () => {
    isConfirmed = false;
    await decrypt();
    expect(warnings()).toEqual([t("protection.unconfirmed")]);
  });
});

describe("the disk has confirmed", () => {
  it("nothing is warned of", async () => {
    await encrypt();
    await decrypt();
    expect(warnings()).toEqual([]);
  });
});
