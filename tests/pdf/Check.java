import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** `java Check.java FLAVOUR FILE…` prints one line a file: `FILE COUNT`, and one for each rule that it breaks. */
public class Check {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
    for (int i = 1; i < arguments.length; i++) {
      check(flavour, arguments[i]);
    }
  }

  private static void check(PDFAFlavour flavour, String path) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(path), flavour)) {
      PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
      ValidationResult result = validator.validate(parser);
      Map<String, String> broken = new TreeMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          broken.putIfAbsent(assertion.getRuleId().getClause(), assertion.getMessage());
        }
      }
      System.out.println(path + " " + result.getTotalAssertions());
      broken.forEach((clause, message) -> System.out.println("  " + clause + " " + message));
    }
  }
}
