package pnas.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import pnas.cli.platform.Diagnosis;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Finding;
import pnas.cli.platform.Finding.Result;
import pnas.cli.platform.Json;
import pnas.cli.platform.Machine;

@Command(name = "doctor", description = "Say what this machine lacks to run the platform, and what to do about it.")
final class DoctorCommand extends PnasCommand {
    @Override
    public Integer call() {
        List<Finding> findings = Diagnosis.of(Machine.look(pnas().home(), orchestrator()));
        boolean works = findings.stream().noneMatch(finding -> finding.result() == Result.FAIL);
        print(document(findings, works), () -> text(findings));
        return works ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private static ObjectNode document(List<Finding> findings, boolean works) {
        ObjectNode document = Json.object().put("works", works);
        var list = document.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("check", finding.check())
                    .put("result", word(finding.result()))
                    .put("found", finding.found())
                    .put("advice", finding.advice());
        }
        return document;
    }

    static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            String advice = finding.advice() == null ? "" : ": " + finding.advice();
            text.append(
                    "%-4s  %-15s  %s%s%n".formatted(word(finding.result()), finding.check(), finding.found(), advice));
        }
        return text.toString();
    }

    private static String word(Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }
}
