// The application in the form, with its programme and household read along.
import { computed } from "vue";
import type { Application } from "../bindings/Application";
import { useForm } from "../shared/form";
import { useRecords } from "../shared/useRecord";

export function useApplication() {
  const form = useForm();
  const application = computed(() => form.draft.value as unknown as Application);
  const programmes = useRecords("programme", () => [application.value.programme_id]);
  const households = useRecords("household", () => [application.value.household_id]);
  return {
    form,
    application,
    programme: computed(() => programmes.value[0]?.draft ?? null),
    household: computed(() => households.value[0]?.draft ?? null),
    apply(changes: Partial<Application>): void {
      for (const [key, value] of Object.entries(changes)) form.set(key, value);
    },
  };
}
